// Package testsite is Harbour Bank: a small bank on https that looks and behaves like one. It is the target of the
// demonstration and of the tests. It makes its certificate when it starts, listens on the loopback, and keeps everything in
// memory; Resolve tells a browser where its hosts are, so that its addresses need no port.
//
// Every page sends the headers of a careful bank: a Content Security Policy without inline script or style, no framing but
// where a form is meant to be framed.
//
//	/                    start page
//	/open-account        account application, step 1; then /work, /security, /review, /done below it
//	/mortgage            frames /frames/mortgage-form, same origin
//	/identity            frames https://partner-idcheck.test/frame?merchant=harbour-bank
//	/card-limit          alert, confirm, prompt, beforeunload
//	/branches            search by GET, with an image as its button
//	/photo               four pictures of 1200 × 750, JPEG and PNG, with the grain of photographs
//	/long                long text, contents, anchors, a form at the end
//	/popup               new tabs and windows, inside and outside; links outside; a download
//	/headers             every header that a browser can be told to refuse with
//	/slow?ms=2000        answers late
//	/no-tag              without the script tag
//	/old-tag             with a version of it that is not supported
//	/changed-tag         with an integrity value that is not its own
//	/moved               redirects to https://moved-elsewhere.test/
//	/gone                HTTP status 410
//	/rates.json          not HTML
//
// # The account application
//
// Tests drive these pages by the labels and ids below; TestFieldsAreAsDocumented compares the tables with the pages. The
// button to go on is "Continue" (id continue), the link back is "Back" (id back). Fields marked * are required.
//
// /open-account
//
//	label                     | id                       | name            | type
//	Title *                   | title                    | title           | select
//	First name *              | first-name               | first_name      | text
//	Last name *               | last-name                | last_name       | text
//	Date of birth *           | birth-date               | birth_date      | date
//	Nationality *             | nationality              |                 | combobox
//	                          | nationality-value        | nationality     | hidden
//	E-mail address *          | email                    | email           | email
//	Mobile number *           | phone                    | phone           | tel
//
// Nationality is a list made by script: the element with the role combobox opens it (Enter, Space, arrows, a letter, a click);
// its options have the role option and ids such as nationality-GB. The chosen code goes into the hidden field. A date of
// birth less than 18 years ago has a validation message of the bank's own: "You must be at least 18 years old to open an
// account."
//
// /open-account/work
//
//	label                     | id                       | name            | type
//	Postcode *                | postcode                 | postcode        | text
//	                          | find-address             |                 | button
//	Home address *            | address                  | address         | textarea
//	Employed *                | employment-employed      | employment      | radio
//	Self-employed             | employment-self-employed | employment      | radio
//	Student                   | employment-student       | employment      | radio
//	Retired                   | employment-retired       | employment      | radio
//	Not working               | employment-none          | employment      | radio
//	Yearly income before tax * | income                  | income          | number
//	In this work since        | employed-since           | employed_since  | month
//	Desired overdraft         | overdraft                | overdraft       | range
//	Card colour               | card-colour              | card_colour     | color
//	Extras                    | extras                   | extras          | select
//	Best time to call you     | call-time                | call_time       | time
//	Week to move your payments | switch-week             | switch_week     | week
//	Your branch               | branch                   | branch          | search
//	Branch appointment        | appointment              | appointment     | datetime-local
//	Your website              | website                  | website         | url
//	How did you hear about us? | heard                   | heard           | select
//
// The button "Find address" knows one postcode, HB1 4QT, and then fills in the home address by script. The output
// overdraft-output follows the range. Your branch has a datalist.
//
// /open-account/security
//
//	label                     | id                       | name            | type
//	User name *               | username                 | username        | text
//	Password *                | password                 | password        | password
//	Repeat password *         | password-repeat          | password_repeat | password
//	PIN for your card *       | pin                      | pin             | password
//	One-time code *           | otp                      | otp             | text
//	Card number               | card-number              | card_number     | text
//	Expires                   | card-expiry              | card_expiry     | text
//	Security code             | card-code                | card_code       | text
//	Proof of address          | document                 | document        | file
//	I accept the terms and the price list * | terms      | terms           | checkbox
//	Send me the newsletter, four times a year | newsletter | newsletter    | checkbox
//
// Any six digits are a one-time code. The card number must pass Luhn's check; when it changes, the page's script puts a space
// after each four digits. Two different passwords have the message "The two passwords are not the same." The form is sent as
// multipart. After a refusal the secret fields are empty again.
//
// /open-account/review has the button "Submit application" (id submit-application) in the form review-form. It leads to
// /open-account/done, where application-number is a number such as HB-4071-3325, the Reference of the Submission.
//
// # The other forms
//
// The forms are card limit (limit-form: New limit, For how long?; buttons "Check what is possible", "Request new limit";
// then limit-number), mortgage (mortgage-form in the frame mortgage-frame; button "Send enquiry"; then enquiry-number in the
// frame) and identity (identity-form in the frame identity-frame; button "Confirm identity"; then case-number in the frame).
//
// /frames/mortgage-form
//
//	label                     | id                       | name            | type
//	What is it for? *         | purpose                  | purpose         | select
//	Price of the property *   | price                    | price           | number
//	Your deposit *            | deposit                  | deposit         | number
//	Years to repay            | years                    | years           | range
//	Full name *               | full-name                | full_name       | text
//	E-mail address *          | email                    | email           | email
//	Phone number              | phone                    | phone           | tel
//	By phone *                | contact-phone            | contact         | radio
//	By e-mail                 | contact-email            | contact         | radio
//	In a branch               | contact-branch           | contact         | radio
//	Anything we should know   | comments                 | comments        | textarea
//	You may check my credit record * | consent           | consent         | checkbox
//	                          | clear-form               |                 | reset
//	                          | send-enquiry             |                 | submit
//
// https://partner-idcheck.test/frame
//
//	label                     | id                       | name            | type
//	Passport *                | document-passport        | document        | radio
//	Identity card             | document-identity        | document        | radio
//	Driving licence           | document-licence         | document        | radio
//	Residence permit          | document-permit          | document        | radio
//	Document number *         | number                   | number          | text
//	Issued in *               | country                  |                 | combobox
//	                          | country-value            | country         | hidden
//	Name as on the document * | name                     | name            | text
//	Date of birth *           | birth-date               | birth_date      | date
//	Valid until *             | expires                  | expires         | month
//	Access PIN *              | pin                      | pin             | password
//	Veritide may check this document * | consent         | consent         | checkbox
package testsite
