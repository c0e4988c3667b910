package testsite

// country is an entry of the nationality list; code is ISO 3166-1 alpha-2.
type country struct{ Code, Name string }

func countries() []country {
	return []country{
		{"AU", "Australia"}, {"AT", "Austria"}, {"BE", "Belgium"}, {"BR", "Brazil"}, {"BG", "Bulgaria"}, {"CA", "Canada"}, {"HR", "Croatia"},
		{"CY", "Cyprus"}, {"CZ", "Czechia"}, {"DK", "Denmark"}, {"EE", "Estonia"}, {"FI", "Finland"}, {"FR", "France"}, {"DE", "Germany"},
		{"GH", "Ghana"}, {"GR", "Greece"}, {"HU", "Hungary"}, {"IS", "Iceland"}, {"IN", "India"}, {"IE", "Ireland"}, {"IT", "Italy"},
		{"JP", "Japan"}, {"KE", "Kenya"}, {"LV", "Latvia"}, {"LT", "Lithuania"}, {"LU", "Luxembourg"}, {"MT", "Malta"}, {"NL", "Netherlands"},
		{"NZ", "New Zealand"}, {"NG", "Nigeria"}, {"NO", "Norway"}, {"PK", "Pakistan"}, {"PL", "Poland"}, {"PT", "Portugal"}, {"RO", "Romania"},
		{"SG", "Singapore"}, {"SK", "Slovakia"}, {"SI", "Slovenia"}, {"ZA", "South Africa"}, {"ES", "Spain"}, {"SE", "Sweden"},
		{"CH", "Switzerland"}, {"TR", "Türkiye"}, {"UA", "Ukraine"}, {"GB", "United Kingdom"}, {"US", "United States"},
	}
}

func countryCodes() []string {
	var codes []string
	for _, c := range countries() {
		codes = append(codes, c.Code)
	}
	return codes
}

func countryName(code string) string {
	for _, c := range countries() {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}
