package session

import "slices"

// colours are as many as a call has participants; each stands on white and under white text (4.5:1), ten hues first.
func colours() [MaxParticipants]string {
	return [MaxParticipants]string{
		"#1e68d7", "#c93616", "#167d33", "#9f3cce", "#cd1d72", "#067979", "#a15b08", "#7057d5", "#377b0d", "#c43849",
		"#164d9f", "#962810", "#105d25", "#79279f", "#9a1655", "#045a5a", "#784306", "#4f31c7", "#295b0a", "#922a37",
		"#103772", "#6c1d0c", "#0b421b", "#571c72", "#6f0f3d", "#034040", "#553004", "#39238f", "#1d4107", "#691e27",
		"#1a5bbc", "#b02f13", "#136d2c", "#8e2ebb", "#b41964", "#056a6a", "#8d4f07", "#6145d0", "#306c0c", "#ab3140",
		"#134289", "#81230e", "#0e4f20", "#682289", "#841249", "#044d4d", "#673a05", "#442aab", "#234e08", "#7d242f",
	}
}

// freeColour returns the next colour that none of those present has, and how many were given out by now: who leaves and
// who comes changes nobody else's.
func freeColour(present []Participant, given int) (string, int) {
	all := colours()
	for range all {
		c := all[given%len(all)]
		given++
		if !slices.ContainsFunc(present, func(p Participant) bool { return p.Colour == c }) {
			return c, given
		}
	}
	return all[0], given
}
