package wire

import (
	"strings"

	"simpul/sync/event"
	"simpul/sync/wire/dense"
)

// fieldPlaces says where in a body a form's fields stand: type and key of the map.
var fieldPlaces = map[[2]uint16]bool{
	{uint16(event.RegistrationOpened), 8}:   true,
	{uint16(event.RegistrationFilled), 1}:   true,
	{uint16(event.RegistrationVerified), 4}: true,
	{uint16(event.MemberCorrected), 1}:      true,
	{uint16(event.ClassOpened), 5}:          true,
}

// likeFields says which other values are of a field's kind: a guest's name will
// soon be a member's.
var likeFields = map[[2]uint16]event.Field{
	{uint16(event.VisitRecorded), 4}:          event.FieldStop,
	{uint16(event.VisitRecorded), 6}:          event.FieldName,
	{uint16(event.VisitRecorded), 8}:          event.FieldSex,
	{uint16(event.VisitRecorded), 10}:         event.FieldEducation,
	{uint16(event.VisitRecorded), 11}:         event.FieldOccupation,
	{uint16(event.VisitRecorded), 13}:         event.FieldInstitution,
	{uint16(event.VisitRecorded), 14}:         event.FieldPhone,
	{uint16(event.RegistrationIdentified), 1}: event.FieldIdentity,
	{uint16(event.RegistrationVerified), 1}:   event.FieldIdentity,
	{uint16(event.CardIssued), 2}:             event.FieldMemberKind,
	{uint16(event.CardReplaced), 2}:           event.FieldMemberKind,
}

// fieldAt is the field whose kind a value of an event is of, 0 for none. A path
// is the CBOR of the keys, which are small numbers.
func fieldAt(sort, path string) event.Field {
	if len(sort) != 3 || path == "" {
		return 0
	}
	at := [2]uint16{uint16(sort[0])<<8 | uint16(sort[1]), uint16(path[0])}
	switch {
	case len(path) == 1:
		return likeFields[at]
	case !fieldPlaces[at]:
		return 0
	case len(path) == 2 && path[1] < 24:
		return event.Field(path[1])
	case len(path) == 3 && path[1] == 24:
		return event.Field(path[2])
	}
	return 0
}

// eventFamily names the family of a value.
func eventFamily(sort, path string) string {
	if f := fieldAt(sort, path); f != 0 {
		return "field" + string(byte(f))
	}
	return ""
}

// shortenFields leaves out of a form what follows from the rest of it: the
// district begins the village's code, and district, birth date and sex begin the
// NIK (14 of its 16 digits are not news). known has what is known of the person
// and takes in what this body says.
func shortenFields(sort string, leaves []dense.Leaf, known map[event.Field]string) {
	eachField(sort, leaves, func(f event.Field, l *dense.Leaf) {
		value := l.Text
		if begin := beginning(f, known); strings.HasPrefix(value, begin) && begin != "" && len(value) == fullLength(f) {
			l.Text = value[len(begin):]
		} else if fullLength(f) > 0 && (strings.HasPrefix(value, "=") || (begin != "" && len(value) == fullLength(f)-len(begin))) {
			l.Text = "=" + value
		}
		known[f] = value
	})
}

// lengthenFields undoes shortenFields.
func lengthenFields(sort string, leaves []dense.Leaf, known map[event.Field]string) {
	eachField(sort, leaves, func(f event.Field, l *dense.Leaf) {
		if full := fullLength(f); full > 0 {
			if begin := beginning(f, known); begin != "" && len(l.Text) == full-len(begin) {
				l.Text = begin + l.Text
			} else {
				l.Text = strings.TrimPrefix(l.Text, "=")
			}
		}
		known[f] = l.Text
	})
}

// eachField visits the fields of a form, those that follow from others last.
func eachField(sort string, leaves []dense.Leaf, do func(event.Field, *dense.Leaf)) {
	var later [event.FieldStop + 1]*dense.Leaf
	for i := range leaves {
		l := &leaves[i]
		if l.Kind != dense.Text {
			continue
		}
		switch f := fieldAt(sort, l.Path); f {
		case 0:
		case event.FieldDistrict, event.FieldRegency, event.FieldNIK:
			later[f] = l
		default:
			do(f, l)
		}
	}
	for _, f := range []event.Field{event.FieldDistrict, event.FieldRegency, event.FieldNIK} {
		if later[f] != nil {
			do(f, later[f])
		}
	}
}

// fullLength is the length of a code that begins with another, 0 for other fields.
func fullLength(f event.Field) int {
	switch f {
	case event.FieldNIK:
		return 16
	case event.FieldDistrict:
		return 6
	case event.FieldRegency:
		return 4
	}
	return 0
}

// beginning is how a code begins as far as the other fields tell, "" if they do not.
func beginning(f event.Field, known map[event.Field]string) string {
	village := known[event.FieldVillage]
	switch {
	case f == event.FieldDistrict && len(village) == 10:
		return village[:6]
	case f == event.FieldRegency && len(village) == 10:
		return village[:4]
	case f == event.FieldNIK && len(known[event.FieldDistrict]) == 6:
		return known[event.FieldDistrict] + birthDigits(known[event.FieldBirth], known[event.FieldSex])
	}
	return ""
}

// birthDigits are the six digits of a NIK for a birth date as 2006-01-02: day,
// with 40 added for women, month and year.
func birthDigits(birth, sex string) string {
	if len(birth) != 10 {
		return ""
	}
	day := []byte(birth[8:])
	if sex == "P" {
		day[0] += 4
	}
	return string(day) + birth[5:7] + birth[2:4]
}
