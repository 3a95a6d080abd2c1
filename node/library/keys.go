package library

// Message keys of the errors and problems of this package. ui/text has one sentence for each in each language; Keys lists them
// for the test that proves it. In brackets: the arguments of the sentence.
const (
	KeyInvalidForm = "error.form_invalid"

	KeyMissing        = "problem.missing"
	KeyChoose         = "problem.choose"
	KeyTooLong        = "problem.too_long" // (most characters)
	KeyDateUnreadable = "problem.date_unreadable"
	KeyDateImpossible = "problem.date_impossible"

	KeyIdentityNotAllowed = "problem.identity_not_allowed"
	KeyNumberIsNIK        = "problem.number_is_nik"
	KeyKKLength           = "problem.kk_length"

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

	KeyNameLetters  = "problem.name_letters"
	KeyNameIsNumber = "problem.name_is_number"
	KeyBirthMissing = "problem.birth_missing"
	KeyBirthFuture  = "problem.birth_future"
	KeyBirthTooOld  = "problem.birth_too_old" // (age)

	KeyHamletDigits     = "problem.hamlet_digits"
	KeyRegionUnknown    = "problem.region_unknown"
	KeyRegionElsewhere  = "problem.region_elsewhere"
	KeyVillageNotInList = "problem.village_not_in_list"
	KeyPhoneShape       = "problem.phone_shape"
	KeyEmailShape       = "problem.email_shape"

	KeyNumberShape = "problem.number_shape"
	KeyNumberCheck = "problem.number_check"
	KeyNumberCode  = "problem.number_code" // (code)
	KeyNumberRange = "error.number_range"

	KeyRegionLine         = "error.region_line"  // (line number)
	KeyRegionTwice        = "error.region_twice" // (code)
	KeyRegionFileEmpty    = "error.region_file_empty"
	KeyRegionFileTooLarge = "error.region_file_too_large" // (megabytes)
)

// Keys lists every message key of this package's errors and problems.
func Keys() []string {
	return []string{
		KeyInvalidForm,
		KeyMissing, KeyChoose, KeyTooLong, KeyDateUnreadable, KeyDateImpossible,
		KeyIdentityNotAllowed, KeyNumberIsNIK, KeyKKLength,
		KeyNIKMissing, KeyNIKDigits, KeyNIKLength, KeyNIKDate, KeyNIKSerial, KeyNIKIsKK, KeyNIKRegion, KeyNIKBirth,
		KeyNIKSex, KeyTooYoungForKTP, KeyTooOldForKIA,
		KeyNameLetters, KeyNameIsNumber, KeyBirthMissing, KeyBirthFuture, KeyBirthTooOld,
		KeyHamletDigits, KeyRegionUnknown, KeyRegionElsewhere, KeyVillageNotInList, KeyPhoneShape, KeyEmailShape,
		KeyNumberShape, KeyNumberCheck, KeyNumberCode, KeyNumberRange,
		KeyRegionLine, KeyRegionTwice, KeyRegionFileEmpty, KeyRegionFileTooLarge,
	}
}
