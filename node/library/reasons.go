package library

// Refusal is a reason not to grant an application, tied to the requirement of the SOP that was not met ("if the procedure and the
// requirements are not met, the application is not granted"). Bring says what to bring next time; it stands on the printed slip.
type Refusal struct {
	Code
	Bring, BringEnglish string
}

// Refusals returns the reasons an officer chooses from.
func Refusals() []Refusal {
	return []Refusal{
		{Code{"no-identity", "Identitas tidak ditunjukkan", "No identity shown"},
			"Bawa KTP, KIA, atau fotokopi KK.", "Bring a KTP, a KIA or a copy of the KK."},
		{Code{"identity-of-another", "Identitas milik orang lain", "Identity of someone else"},
			"Bawa identitas atas nama Anda sendiri.", "Bring an identity in your own name."},
		{Code{"identity-unreadable", "Identitas rusak atau tidak terbaca", "Identity damaged or unreadable"},
			"Bawa identitas lain yang terbaca, misalnya fotokopi KK.", "Bring one that can be read, such as a copy of the KK."},
		{Code{"data-differs", "Data tidak sesuai dengan identitas", "Data differs from the identity"},
			"Bawa identitas dengan data yang benar.", "Bring an identity with the right data."},
		{Code{"data-unverifiable", "Data tidak dapat diperiksa", "Data cannot be verified"},
			"Bawa identitas asli atau fotokopi KK yang jelas.", "Bring the original or a clear copy of the KK."},
		{Code{"no-guardian-consent", "Belum ada izin orang tua atau wali", "Guardian's consent missing"},
			"Datang bersama orang tua atau wali, atau bawa surat izin yang ditandatangani.",
			"Come with a parent or guardian, or bring the signed consent sheet."},
		{Code{"no-consent", "Persetujuan data tidak diberikan", "Consent to data not given"},
			"Datang lagi bila Anda menyetujui pencatatan data.", "Come again when you agree to the record."},
		{Code{"outside-area", "Di luar wilayah layanan", "Outside the service area"},
			"Bawa surat keterangan tinggal, sekolah, atau kerja di kabupaten ini.",
			"Bring proof of living, studying or working in this regency."},
		{Code{"already-member", "Sudah menjadi anggota", "Already a member"},
			"Bawa kartu yang ada, atau minta kartu pengganti.", "Bring the card you have, or ask for a new one."},
		{Code{"photo-unusable", "Foto tidak memenuhi syarat", "Photo does not meet the requirement"},
			"Datang untuk difoto, atau bawa foto wajah yang jelas.", "Come to have a photo taken, or bring a clear one."},
		{Code{"other", "Syarat lain tidak terpenuhi", "Another requirement not met"},
			"Tanyakan syaratnya kepada petugas.", "Ask the officer what is needed."},
	}
}

// PauseReasons returns why a step's clock was stopped.
func PauseReasons() []Code {
	return []Code{
		{"fetching-document", "Pemustaka mengambil dokumen", "Visitor fetches a document"},
		{"visitor-away", "Pemustaka pergi sebentar", "Visitor stepped away"},
		{"waiting-guardian", "Menunggu orang tua atau wali", "Waiting for the guardian"},
		{"serving-another", "Petugas melayani orang lain", "Officer serves someone else"},
		{"power-or-device", "Listrik atau alat bermasalah", "Power or device trouble"},
		{"closed", "Layanan tutup", "Library closed"},
		{"other", "Alasan lain", "Another reason"},
	}
}

// HandoverWays returns how a card reached its member (SOP step 6).
func HandoverWays() []Code {
	return []Code{
		{"in-person", "Diterima sendiri", "In person"},
		{"guardian", "Diterima orang tua atau wali", "To the guardian"},
		{"phone-image", "Gambar ke ponsel anggota", "Image on the member's phone"},
		{"whatsapp", "Lewat WhatsApp", "By WhatsApp"},
		{"class", "Lewat sekolah atau kelas", "Through school or class"},
	}
}

// LateReasons returns why a day was kept on paper and typed in later.
func LateReasons() []Code {
	return []Code{
		{"power-cut", "Listrik padam", "Power cut"},
		{"device-broken", "Komputer bermasalah", "Computer trouble"},
		{"away", "Layanan di luar tanpa komputer", "Service outside without a computer"},
		{"busy", "Terlalu ramai", "Too busy"},
		{"other", "Alasan lain", "Another reason"},
	}
}
