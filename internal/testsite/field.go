package testsite

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// field is one control of a form as the server checks it, with the same rules that the HTML gives to the browser.
type field struct {
	name     string
	label    string
	required bool
	secret   bool                      // never sent back to the browser
	check    func(value string) string // the problem, or ""
	show     func(value string) string // as people read it; nil: as it is
}

// shown is a value as people read it.
func (f field) shown(value string) string {
	if f.show == nil {
		return value
	}
	return f.show(value)
}

// validate returns the problem of each field that has one, by name.
func validate(fields []field, values url.Values) map[string]string {
	problems := make(map[string]string)
	for _, f := range fields {
		given := slices.DeleteFunc(slices.Clone(values[f.name]), func(v string) bool { return strings.TrimSpace(v) == "" })
		if len(given) == 0 {
			if f.required {
				problems[f.name] = f.label + " is missing."
			}
			continue
		}
		for _, value := range given {
			if problem := f.check(value); problem != "" {
				problems[f.name] = problem
			}
		}
	}
	return problems
}

// public returns the values without those of secret fields.
func public(fields []field, values url.Values) url.Values {
	kept := make(url.Values)
	for name, vs := range values {
		if i := slices.IndexFunc(fields, func(f field) bool { return f.name == name }); i >= 0 && fields[i].secret {
			continue
		}
		kept[name] = slices.Clone(vs)
	}
	return kept
}

func text(most int) func(string) string {
	return func(v string) string {
		if utf8.RuneCountInString(v) > most {
			return fmt.Sprintf("Please use at most %d characters.", most)
		}
		return ""
	}
}

func oneOf(options ...string) func(string) string {
	return func(v string) string {
		if !slices.Contains(options, v) {
			return "Please choose one of the options."
		}
		return ""
	}
}

func pattern(expression, problem string) func(string) string {
	compiled := regexp.MustCompile(`^(?:` + expression + `)$`)
	return func(v string) string {
		if !compiled.MatchString(v) {
			return problem
		}
		return ""
	}
}

func number(least, most float64) func(string) string {
	return func(v string) string {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return "Please enter a number."
		}
		if n < least || n > most {
			return fmt.Sprintf("Please enter a number from %g to %g.", least, most)
		}
		return ""
	}
}

// words gives each option of a field its words; other values are shown as they are.
func words(pairs ...string) func(string) string {
	return func(v string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == v {
				return pairs[i+1]
			}
		}
		return v
	}
}

// dated shows a value of one layout of time in another.
func dated(layout, as string) func(string) string {
	return func(v string) string {
		t, err := time.Parse(layout, v)
		if err != nil {
			return v
		}
		return t.Format(as)
	}
}

// pounds shows a whole number with thousands apart.
func pounds(v string) string {
	for i := len(v) - 3; i > 0; i -= 3 {
		v = v[:i] + "," + v[i:]
	}
	return "£" + v
}

func moment(layout, problem string) func(string) string {
	return func(v string) string {
		if _, err := time.Parse(layout, v); err != nil {
			return problem
		}
		return ""
	}
}

// adult refuses dates of birth less than 18 or more than 120 years ago.
func adult(v string) string {
	born, err := time.Parse(time.DateOnly, v)
	if err != nil {
		return "Please enter your date of birth as day, month and year."
	}
	now := time.Now()
	if born.After(now.AddDate(-18, 0, 0)) {
		return "You must be at least 18 years old to open an account."
	}
	if born.Before(now.AddDate(-120, 0, 0)) {
		return "Please check your date of birth."
	}
	return ""
}

func webAddress(v string) string {
	if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "Please enter a whole address, for example https://example.com."
	}
	return ""
}

// cardNumber checks length and Luhn's digit.
func cardNumber(v string) string {
	const problem = "Please check the card number."
	digits := strings.ReplaceAll(v, " ", "")
	if len(digits) < 12 || len(digits) > 19 {
		return problem
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if d < 0 || d > 9 {
			return problem
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 != 0 {
		return problem
	}
	return ""
}
