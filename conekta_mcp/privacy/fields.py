"""What each text field of an answer is: personal or not, typed by whom, secret or not, how long at most.

Masking, cleaning, the mark for typed text and the hiding of secrets derive from this table: whoever adds a
field to a result adds its row here. A row is for a name, in curated answers, in Conekta's own objects and in
metadata. `Model.field` is a row for where that model means something else by the name; `field_lookup.SIGNS`
says how its objects are recognised. A field in no row is treated as typed by others.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple


class Personal(Enum):
    """What a field tells of a person, which decides how it is masked."""

    NO = "nothing"
    NAME = "a name: initials stay"
    EMAIL = "an e-mail: first character and host stay"
    NUMBER = "a phone or an account: four digits stay"
    TAX_ID = "three characters stay"
    HIDDEN = "nothing stays"
    COARSE = "with more it may tell who it is: whole at masked, left out at minimal"
    PAYABLE = "a number if it has the shape of a CLABE or of a cash reference"
    AS_FIELD = "what the field named in `field` beside it is"


class TypedBy(Enum):
    """Who wrote a text."""

    WORD = "an id or a word of Conekta's or this server's, in which no person is looked for"
    CONEKTA = "a text of Conekta's or this server's, which may quote a person"
    OTHERS = "customers or shops"


class Secret(Enum):
    """Where the value of a field is hidden."""

    NO = "nowhere"
    YES = "everywhere"
    IN_BODIES = "in the objects of any shape that `field_lookup.BODIES` names"
    ASKED = "everywhere but in the answer of a tool that a person is asked about"
    ADDRESS = "as ASKED, and its host is shown"


class FieldRule(NamedTuple):
    """One row: what a field is. `longest` is in characters; in metadata, of each value."""

    personal: Personal
    typed_by: TypedBy
    secret: Secret = Secret.NO
    longest: int | None = None
    reason: str = ""


NO, NAME, EMAIL, NUMBER, TAX_ID, HIDDEN, COARSE, PAYABLE, AS_FIELD = Personal
WORD, CONEKTA, OTHERS = TypedBy
OPEN, YES, IN_BODIES, ASKED, ADDRESS = Secret
R: Final = FieldRule
TYPED = R(NO, OTHERS, OPEN, 300)
TITLE = R(NO, OTHERS, OPEN, 120)
URL = R(NO, OTHERS, OPEN, 2000)
NAME_OF_PERSON = R(NAME, OTHERS, OPEN, 120)
UNKNOWN = R(NO, OTHERS, OPEN, 300, "in no row")

FIELDS: Mapping[str, FieldRule] = {
    # field                        personal  typed by  secret     longest reason
    "account_holder":            R(NAME,     OTHERS,   OPEN,      120),
    "account_last4":             R(NO,       CONEKTA),
    "account_number":            R(NUMBER,   OTHERS,   OPEN,      120),
    "account_type":              R(NO,       CONEKTA),
    "action":                    R(NO,       CONEKTA),
    "address":                   R(HIDDEN,   OTHERS,   OPEN,      300,  "a text only in metadata and bodies"),
    "agreement":                 R(NO,       CONEKTA),
    "allowed_payment_methods":   R(NO,       CONEKTA),
    "allowed_payout_methods":    R(NO,       CONEKTA),
    "amount_text":               R(NO,       WORD),
    "arguments":                R(NO,       WORD),
    "auth_code":                 R(NO,       CONEKTA),
    "authentication_token":      R(NO,       CONEKTA,  YES),
    "authorization":             R(NO,       OTHERS,   IN_BODIES, None, "a header of a logged request"),
    "bank":                      R(NO,       CONEKTA),
    "barcode":                   R(NUMBER,   CONEKTA,  OPEN,      None, "the digits of the cash reference"),
    "barcode_url":               R(HIDDEN,   CONEKTA,  OPEN,      None, "has the cash reference in it"),
    "billing_cycle_end_iso":     R(NO,       WORD),
    "billing_cycle_end_text":    R(NO,       WORD),
    "between_streets":           R(HIDDEN,   OTHERS,   OPEN,      300),
    "bin":                       R(NO,       CONEKTA),
    "brand":                     R(NO,       OTHERS,   OPEN,      120),
    "PaymentSource.brand":       R(NO,       CONEKTA,  OPEN,      None, "of a card"),
    "call_with":                 R(NO,       WORD),
    "canceled_reason":           R(NO,       OTHERS,   OPEN,      300,  "it may be anybody's"),
    "cancel_url":                URL,
    "candidates":                R(NO,       WORD),
    "card_brand":                R(NO,       CONEKTA),
    "card_last4":                R(NO,       CONEKTA),
    "carrier":                   TYPED,
    "cause":                    R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "checkout_request_type":     R(NO,       CONEKTA),
    "city":                      R(COARSE,   OTHERS,   OPEN,      300),
    "clabe":                     R(NUMBER,   CONEKTA),
    "client":                    R(NO,       OTHERS,   OPEN,      300,  "in the query of a logged request"),
    "code":                      R(NO,       OTHERS,   OPEN,      300,  "of a discount"),
    "company_name":              NAME_OF_PERSON,
    "country":                   R(NO,       OTHERS,   OPEN,      300,  "any 2 to 249 characters"),
    "Installments.country":      R(NO,       WORD,     OPEN,      None, "of a card"),
    "created_at":                R(NO,       CONEKTA,  OPEN,      None, "a few moments are texts"),
    "currency":                  R(NO,       WORD),
    "custom_reference":          TYPED,
    "customer_custom_reference": TYPED,
    "customer_name":             NAME_OF_PERSON,
    "cut":                       R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "cvc":                       R(NO,       OTHERS,   YES),
    "cvv":                       R(NO,       OTHERS,   YES),
    "date_of_birth":             R(HIDDEN,   OTHERS,   OPEN,      300),
    "debug_message":             R(NO,       CONEKTA),
    "deep_link":                 R(NO,       CONEKTA),
    "deletion":                 R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "description":               TYPED,
    "device_fingerprint":        R(HIDDEN,   OTHERS,   OPEN,      300),
    "does":                     R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "email":                     R(EMAIL,    OTHERS,   OPEN,      300),
    "emails_sent":               R(NO,       CONEKTA),
    "empty":                     R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "evidence_due_by_iso":       R(NO,       WORD),
    "evidence_due_by_text":      R(NO,       WORD),
    "exclude_card_networks":     R(NO,       CONEKTA),
    "excluded_payment_methods":  R(NO,       CONEKTA),
    "exp_month":                 R(NO,       CONEKTA,  IN_BODIES, None, "a payment source shows it"),
    "exp_year":                  R(NO,       CONEKTA,  IN_BODIES, None, "a payment source shows it"),
    "external_number":           R(HIDDEN,   OTHERS,   OPEN,      300),
    "failure_code":              R(NO,       CONEKTA),
    "failure_message":           R(NO,       CONEKTA),
    "failure_url":               URL,
    "field":                     R(NO,       CONEKTA),
    "file_classification":       R(NO,       CONEKTA),
    "file_name":                 TITLE,
    "found":                    R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "group":                    R(NO,       WORD),
    "hint":                      R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "id":                        R(NO,       WORD),
    "input_schema":              R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "interval":                  R(NO,       CONEKTA),
    "ip_address":                R(HIDDEN,   CONEKTA),
    "issuer":                    R(NO,       CONEKTA),
    "issuing_account_bank":      R(NO,       CONEKTA),
    "last4":                     R(NO,       CONEKTA),
    "left_out":                 R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "mcc":                       R(NO,       CONEKTA),
    "message":                   R(NO,       CONEKTA),
    "metadata":                  R(COARSE,   OTHERS,   OPEN,      300),
    "method":                    R(NO,       OTHERS,   OPEN,      300,  "of shipping"),
    "Charge.method":             R(NO,       WORD),
    "LogRow.method":             R(NO,       WORD),
    "OrderRow.method":           R(NO,       WORD),
    "PaymentBrief.method":       R(NO,       WORD),
    "name":                      NAME_OF_PERSON,
    "Company.name":              R(NO,       OTHERS,   OPEN,      120,  "of a merchant"),
    "DescribedOperation.name":   R(NO,       WORD),
    "Evidence.name":             R(NO,       OTHERS,   OPEN,      120,  "of a file"),
    "FoundOperation.name":       R(NO,       WORD),
    "LineItem.name":             R(NO,       OTHERS,   OPEN,      120,  "of a product"),
    "PaymentLinkRow.name":       R(NO,       OTHERS,   OPEN,      120,  "of what is sold"),
    "PlanRow.name":              R(NO,       OTHERS,   OPEN,      120,  "of a plan"),
    "national_id":               R(TAX_ID,   OTHERS,   OPEN,      300),
    "net_text":                  R(NO,       WORD),
    "next":                      R(NO,       WORD),
    "next_billing_cycle_iso":    R(NO,       WORD),
    "next_billing_cycle_text":   R(NO,       WORD),
    "next_page_url":             R(NO,       CONEKTA),
    "note":                      TYPED,
    "now":                      R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "number":                    R(NO,       OTHERS,   IN_BODIES, None, "of a card"),
    "object":                    R(NO,       WORD),
    "onboarding_url":            R(NO,       CONEKTA,  IN_BODIES, None, "whoever has it goes on with it"),
    "param":                     R(NO,       CONEKTA),
    "parameters":                R(NO,       CONEKTA),
    "permit_formats":            R(NO,       CONEKTA),
    "phone":                     R(NUMBER,   OTHERS,   OPEN,      300),
    "phonenumber":               R(NUMBER,   OTHERS,   OPEN,      300),
    "portal_url":                R(NO,       CONEKTA,  ASKED,     None, "manages the subscription"),
    "postal_code":               R(COARSE,   OTHERS,   OPEN,      300,  "any 250 characters outside Mexico"),
    "prefix":                    R(NO,       CONEKTA),
    "previous":                  R(NO,       WORD),
    "previous_attributes":       R(NO,       OTHERS),
    "previous_page_url":         R(NO,       CONEKTA),
    "processing_mode":           R(NO,       CONEKTA),
    "provider":                  R(NO,       CONEKTA),
    "public_key":                R(NO,       WORD),
    "purpose":                   R(NO,       CONEKTA),
    "query_string":              R(NO,       OTHERS),
    "reason":                    TYPED,
    "receiver":                  NAME_OF_PERSON,
    "receiving_account_bank":    R(NO,       CONEKTA),
    "receiving_account_number":  R(NUMBER,   CONEKTA,  OPEN,      None, "the CLABE"),
    "redirect_url":              R(NO,       CONEKTA),
    "reference":                 R(PAYABLE,  CONEKTA,  OPEN,      None, "others are ids of a shop"),
    "reference_id":              R(NO,       OTHERS,   OPEN,      300,  "a shop's own id of a charge"),
    "reference_number":          R(NO,       OTHERS,   OPEN,      300,  "typed by who sent the transfer"),
    "related":                   R(NO,       CONEKTA),
    "request_body":              R(NO,       OTHERS),
    "request_headers":           R(NO,       OTHERS),
    "response_body":             R(NO,       OTHERS),
    "response_data":             R(NO,       OTHERS,   OPEN,      None, "what a shop's webhook answered"),
    "response_from_client":      R(NO,       OTHERS),
    "response_headers":          R(NO,       OTHERS),
    "return_url":                URL,
    "returns_control_on":        R(NO,       CONEKTA),
    "risk":                      R(NO,       CONEKTA),
    "role":                      R(NO,       CONEKTA),
    "scheme":                    R(NO,       CONEKTA),
    "searchable_tags":           R(HIDDEN,   OTHERS,   OPEN,      300),
    "secret":                    R(NO,       CONEKTA,  OPEN,      None, "a sentence of this server's"),
    "segment":                   R(NO,       CONEKTA),
    "service_name":              R(NO,       CONEKTA),
    "settled":                   R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "sku":                       TITLE,
    "slug":                      R(NO,       CONEKTA,  IN_BODIES, None, "of a portal it is the password"),
    "state":                     TYPED,
    "statement_description":     TYPED,
    "statement_reference":       R(NO,       CONEKTA),
    "status":                    R(NO,       WORD),
    "status_text":               R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "stopped":                   R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "store":                     R(NO,       CONEKTA),
    "store_name":                R(NO,       CONEKTA),
    "street1":                   R(HIDDEN,   OTHERS,   OPEN,      300),
    "street2":                   R(HIDDEN,   OTHERS,   OPEN,      300),
    "subscribed_events":         R(NO,       CONEKTA),
    "success_url":               URL,
    "tags":                      TYPED,
    "target_collateral_amount":  R(NO,       CONEKTA),
    "tax_id":                    R(TAX_ID,   OTHERS,   OPEN,      300),
    "tell_customer":            R(NO,       CONEKTA,  OPEN,      None, "of this server"),
    "three_ds_mode":             R(NO,       CONEKTA),
    "token":                     R(NO,       CONEKTA),
    "tool":                     R(NO,       WORD),
    "tracking_code":             R(NO,       CONEKTA),
    "tracking_number":           TYPED,
    "trial_end_iso":             R(NO,       WORD),
    "trial_end_text":            R(NO,       WORD),
    "type":                      R(NO,       WORD),
    "type_company":              R(NO,       CONEKTA),
    "url":                       R(NO,       OTHERS,   OPEN,      2000, "of a webhook or a log"),
    "Delivery.url":              R(NO,       OTHERS,   ADDRESS,   2000, "path and query may be a password"),
    "Webhook.url":               R(NO,       OTHERS,   ADDRESS,   2000, "path and query may be a password"),
    "PaymentLink.url":           R(NO,       CONEKTA,  OPEN,      None, "of Conekta's page"),
    "value":                     R(AS_FIELD, OTHERS,   OPEN,      300,  "of a rule against fraud"),
    "version":                   R(NO,       CONEKTA),
    "website":                   URL,
    "what":                     R(NO,       CONEKTA,  OPEN,      None, "of this server"),
}  # fmt: skip
