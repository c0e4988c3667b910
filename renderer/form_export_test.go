package renderer

// CheckAgentMessage decodes what an agent would send; into may be nil.
func CheckAgentMessage(payload string, into *FormEvent) error {
	m, err := decodeAgentMessage(payload)
	if err != nil || into == nil {
		return err
	}
	*into = FormEvent{Action: m.Action, Input: m.Input, Length: m.Length, Options: m.Options, Message: m.Message,
		Element: Element{Label: m.Element.Label, Secret: m.Element.Secret}}
	for _, f := range m.Files {
		into.Files = append(into.Files, File(f))
	}
	return nil
}
