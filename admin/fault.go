package admin

import (
	"fmt"
	"time"
)

// The codes of faults that a check finds.
const (
	FaultBadAddress   = "bad_address"
	FaultNotHTTPS     = "not_https"
	FaultUnreachable  = "unreachable"
	FaultCertificate  = "certificate"
	FaultRedirect     = "redirect"
	FaultHTTPStatus   = "http_status"
	FaultNotHTML      = "not_html"
	FaultNoTag        = "no_tag"
	FaultOldVersion   = "old_version"
	FaultBadIntegrity = "bad_integrity"
)

// Fault is one reason why a page cannot be co-browsed, and what to do about it.
type Fault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Report is the result of a check. OK is true when Faults is empty: a session would start.
type Report struct {
	At         time.Time `json:"at"`
	OK         bool      `json:"ok"`
	Faults     []Fault   `json:"faults"`
	TagVersion string    `json:"tagVersion"` // of the script tag that was found; "" when none was
}

func fault(code, message, hint string) *Fault {
	return &Fault{Code: code, Message: message, Hint: hint}
}

func faultNoTag() *Fault {
	return fault(FaultNoTag, "The page does not carry the co-browsing script tag.",
		"Add the script tag to the page's head or body; the settings page shows the line to copy.")
}

func faultOldVersion(found, recommended string) *Fault {
	return fault(FaultOldVersion, fmt.Sprintf("The page carries version %s of the script tag, which is not supported.", found),
		fmt.Sprintf("Replace it with version %s; the settings page shows the line to copy.", recommended))
}

func faultBadIntegrity(found string) *Fault {
	return fault(FaultBadIntegrity, fmt.Sprintf("The integrity attribute of the script tag is not that of version %s.", found),
		"Copy the whole line again from the settings page, with its integrity attribute.")
}
