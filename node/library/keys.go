package library

// Message keys of the errors and problems of this package. ui/text has one sentence for each in each language; Keys lists them
// for the test that proves it. In brackets: the arguments.
const (
	KeyInvalidForm    = "error.form_invalid"
	KeyDateUnreadable = "problem.date_unreadable"
	KeyDateImpossible = "problem.date_impossible"

	KeyNIKMissing     = "problem.nik_missing"
	KeyNIKDigits      = "problem.nik_digits"
	KeyNIKLength      = "problem.nik_length" // (digits typed)
	KeyNIKDate        = "problem.nik_date"
	KeyNIKSerial      = "problem.nik_serial"
	KeyNIKIsKK        = "problem.nik_is_kk"
	KeyNIKRegion      = "problem.nik_region"        // (six digits)
	KeyNIKBirth       = "problem.nik_birth"         // (the NIK's birth date, may be "")
	KeyNIKSex         = "problem.nik_sex"           // ("L" or "P")
	KeyTooYoungForKTP = "problem.too_young_for_ktp" // (age)
	KeyTooOldForKIA   = "problem.too_old_for_kia"   // (age)

	KeyNumberShape = "problem.number_shape"
	KeyNumberCheck = "problem.number_check"
	KeyNumberCode  = "problem.number_code" // (code)
	KeyNumberRange = "problem.number_range"

	KeyRegionLine         = "error.region_line"  // (line number)
	KeyRegionTwice        = "error.region_twice" // (code)
	KeyRegionFileEmpty    = "error.region_file_empty"
	KeyRegionFileTooLarge = "error.region_file_too_large" // (megabytes)
)

// Keys lists every message key this package uses.
func Keys() []string {
	return []string{
		KeyInvalidForm, KeyDateUnreadable, KeyDateImpossible,
		KeyNIKMissing, KeyNIKDigits, KeyNIKLength, KeyNIKDate, KeyNIKSerial, KeyNIKIsKK, KeyNIKRegion, KeyNIKBirth,
		KeyNIKSex, KeyTooYoungForKTP, KeyTooOldForKIA,
		KeyNumberShape, KeyNumberCheck, KeyNumberCode, KeyNumberRange,
		KeyRegionLine, KeyRegionTwice, KeyRegionFileEmpty, KeyRegionFileTooLarge,
	}
}
