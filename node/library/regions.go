package library

import (
	"bufio"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed regions.csv
var builtinRegions []byte

const (
	maxRegionFile = 8 << 20 // bytes; all of Indonesia is under 3 MB
	maxRegionName = 100     // bytes
)

// Region is one administrative area: code of 2 (province), 4 (regency or city), 6 (district) or 10 (village) digits.
type Region struct{ Code, Name string }

// Kelurahan says that a village is an urban one: the last group of its code begins with 1, that of a desa with 2.
func (r Region) Kelurahan() bool { return len(r.Code) == 10 && r.Code[6] == '1' }

// Regions looks up administrative areas. It does not change after it is made, so many goroutines may read it.
type Regions struct {
	sorted []Region // by code
}

// BuiltinRegions returns the areas shipped with the program: every regency of Indonesia, every district of East Java and every
// village of Banyuwangi. It reads the file each time: call it once and hand the result on.
func BuiltinRegions() *Regions {
	regions, err := ParseRegions(bytes.NewReader(builtinRegions))
	if err != nil {
		panic("library: built-in regions: " + err.Error()) // a fault of the build; the tests would have failed
	}
	return regions
}

// ParseRegions reads lines "code,name" in UTF-8. Codes may have dots (35.10.09.1001); lines that begin with # and blank lines are
// skipped; a name may hold commas and may stand in double quotes; a line before the first area that says "code,name" or "kode,nama" is a
// heading.
// At most 8 MB. Errors name the line and are safe to show: they hold no data of the file but the line's number.
func ParseRegions(r io.Reader) (*Regions, error) {
	limited := &io.LimitedReader{R: r, N: maxRegionFile + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, 4096)
	var found []Region
	number := 0
	var bad error
	for bad == nil && lines.Scan() {
		number++
		var region Region
		var skip bool
		if region, skip, bad = parseRegion(lines.Text(), len(found) == 0); !skip {
			found = append(found, region)
		}
	}
	if err := lines.Err(); err != nil {
		number, bad = number+1, err
	}
	switch {
	case limited.N <= 0:
		return nil, E(KindInvalid, KeyRegionFileTooLarge).With(maxRegionFile >> 20)
	case bad != nil:
		return nil, E(KindInvalid, KeyRegionLine).With(number).Because(fmt.Errorf("line %d: %w", number, bad))
	case len(found) == 0:
		return nil, E(KindInvalid, KeyRegionFileEmpty)
	}
	return sortRegions(found)
}

// sortRegions puts areas in the order of their codes and refuses a code that stands twice.
func sortRegions(found []Region) (*Regions, error) {
	slices.SortStableFunc(found, func(a, b Region) int { return strings.Compare(a.Code, b.Code) })
	for i := 1; i < len(found); i++ {
		if found[i].Code == found[i-1].Code {
			return nil, E(KindInvalid, KeyRegionTwice).With(found[i].Code)
		}
	}
	return &Regions{sorted: found}, nil
}

func parseRegion(line string, heading bool) (region Region, skip bool, err error) {
	line = CleanLine(line)
	if line == "" || line[0] == '#' {
		return Region{}, true, nil
	}
	code, name, ok := strings.Cut(line, ",")
	if !ok {
		return Region{}, false, errors.New("no comma")
	}
	code, name = strings.Trim(code, `" `), strings.Trim(name, `" `)
	if heading && (strings.EqualFold(code, "code") || strings.EqualFold(code, "kode")) {
		return Region{}, true, nil
	}
	code = strings.ReplaceAll(code, ".", "")
	if !allDigits(code) || len(code) != 2 && len(code) != 4 && len(code) != 6 && len(code) != 10 {
		return Region{}, false, errors.New("code is not of 2, 4, 6 or 10 digits")
	}
	if name == "" || len(name) > maxRegionName {
		return Region{}, false, fmt.Errorf("name is not of 1 to %d bytes", maxRegionName)
	}
	return Region{Code: code, Name: name}, false, nil
}

// Len returns how many areas are known.
func (r *Regions) Len() int { return len(r.sorted) }

// Name returns the name of a code, or "" when it is not known.
func (r *Regions) Name(code string) string {
	if i, ok := r.find(code); ok {
		return r.sorted[i].Name
	}
	return ""
}

// Known says that the code is in the file.
func (r *Regions) Known(code string) bool {
	_, ok := r.find(code)
	return ok
}

func (r *Regions) find(code string) (int, bool) {
	return slices.BinarySearchFunc(r.sorted, code, func(a Region, b string) int { return strings.Compare(a.Code, b) })
}

// Provinces returns all provinces by code.
func (r *Regions) Provinces() []Region { return r.below("", 2) }

// Regencies returns all regencies and cities by code.
func (r *Regions) Regencies() []Region { return r.below("", 4) }

// Districts returns the districts of a regency, in the order of their names; none when the file does not have them.
func (r *Regions) Districts(regency string) []Region { return byName(r.below(regency, 6)) }

// Villages returns the villages of a district, in the order of their names; none when the file does not have them.
func (r *Regions) Villages(district string) []Region { return byName(r.below(district, 10)) }

func byName(regions []Region) []Region {
	slices.SortStableFunc(regions, func(a, b Region) int { return strings.Compare(a.Name, b.Name) })
	return regions
}

func (r *Regions) below(prefix string, digits int) []Region {
	start, _ := r.find(prefix)
	var found []Region
	for _, region := range r.sorted[start:] {
		if !strings.HasPrefix(region.Code, prefix) {
			break
		}
		if len(region.Code) == digits {
			found = append(found, region)
		}
	}
	return found
}

// KnownPrefix says that the first six digits of a NIK can be a place: a known district, or any district of a known regency
// whose districts the file does not list.
func (r *Regions) KnownPrefix(sixDigits string) bool {
	if len(sixDigits) != 6 || !allDigits(sixDigits) {
		return false
	}
	if r.Known(sixDigits) {
		return true
	}
	return r.Known(sixDigits[:4]) && len(r.below(sixDigits[:4], 6)) == 0
}

// Complete returns up to limit areas of that code length (4, 6 or 10 digits; 0 for any) in which a word begins with query,
// names that begin with it first. Case does not matter.
func (r *Regions) Complete(query string, digits, limit int) []Region {
	query = strings.ToLower(CleanLine(query))
	if query == "" || limit <= 0 {
		return nil
	}
	var begins, within []Region
	for _, region := range r.sorted {
		if digits != 0 && len(region.Code) != digits {
			continue
		}
		name := strings.ToLower(region.Name)
		switch {
		case strings.HasPrefix(name, query):
			begins = append(begins, region)
		case strings.Contains(name, " "+query):
			within = append(within, region)
		}
		if len(begins) == limit {
			break
		}
	}
	all := append(begins, within...)
	return all[:min(limit, len(all))]
}

// Full returns the name with those of the areas above it: "Tembokrejo, Muncar, Kabupaten Banyuwangi".
func (r *Regions) Full(code string) string {
	var names []string
	for _, digits := range [...]int{10, 6, 4} {
		if len(code) < digits {
			continue
		}
		if name := r.Name(code[:digits]); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// lists says that the file has areas of that code length below an area; below "" it asks for any at all.
func (r *Regions) lists(above string, digits int) bool {
	return allDigits(above) && len(r.below(above, digits)) > 0
}
