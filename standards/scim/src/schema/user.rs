//! The core schema of a user (RFC 7643, section 4.1).

use super::{Attribute, Mutability, Returned, Schema, Type, Uniqueness};

const DISPLAY: Attribute = Attribute::text("display", "How it is shown to people.");
const PRIMARY: Attribute =
    Attribute::new("primary", Type::Boolean, "Whether it is the preferred one; at most one is.");
const LABEL: Attribute = Attribute::text("type", "What it is used for.");

/// A user.
pub const USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "User Account",
    attributes: ATTRIBUTES,
};

/// A user of a service that takes no passwords.
pub const USER_WITHOUT_PASSWORD: Schema = Schema {
    attributes: match ATTRIBUTES.split_last() {
        Some((_, others)) => others,
        None => &[],
    },
    ..USER
};

/// The password last.
const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        uniqueness: Uniqueness::Server,
        ..Attribute::text("userName", "The name a user signs in with.").required()
    },
    Attribute::complex("name", "The parts of a person's name.", NAME),
    Attribute::text("displayName", "The name shown to others."),
    Attribute::text("nickName", "What the user is called in daily life."),
    Attribute::reference("profileUrl", "A page about the user.", &["external"]),
    Attribute::text("title", "The user's post, such as head teacher."),
    Attribute::text("userType", "How the user belongs to the organization."),
    Attribute::text("preferredLanguage", "The user's language, such as zh-CN."),
    Attribute::text("locale", "Where the user is, for dates and numbers."),
    Attribute::text("timezone", "The user's time zone, such as Asia/Shanghai."),
    Attribute::new("active", Type::Boolean, "Whether the user may sign in."),
    Attribute::complex("emails", "Addresses of electronic mail.", EMAIL).many(),
    Attribute::complex("phoneNumbers", "Telephone numbers.", PHONE).many(),
    Attribute::complex("ims", "Addresses of instant messaging.", MESSAGING).many(),
    Attribute::complex("photos", "Addresses of pictures of the user.", PHOTO).many(),
    Attribute::complex("addresses", "Postal addresses.", ADDRESS).many(),
    Attribute::complex("groups", "Groups the user belongs to; changed at the group.", MEMBERSHIP)
        .many()
        .read_only(),
    Attribute::complex("entitlements", "Things the user has a right to.", LABELLED).many(),
    Attribute::complex("roles", "What the user is, such as teacher.", LABELLED).many(),
    Attribute::complex("x509Certificates", "Certificates of the user.", CERTIFICATE).many(),
    Attribute {
        mutability: Mutability::WriteOnly,
        returned: Returned::Never,
        ..Attribute::text("password", "A first password; it is never shown.").exact()
    },
];

const NAME: &[Attribute] = &[
    Attribute::text("formatted", "The whole name, as it is shown."),
    Attribute::text("familyName", "The family name."),
    Attribute::text("givenName", "The given name."),
    Attribute::text("middleName", "Names between the two."),
    Attribute::text("honorificPrefix", "What stands before the name."),
    Attribute::text("honorificSuffix", "What stands after the name."),
];

const EMAIL: &[Attribute] = &[
    Attribute::text("value", "The address."),
    DISPLAY,
    LABEL.suggesting(&["work", "home", "other"]),
    PRIMARY,
];

const PHONE: &[Attribute] = &[
    Attribute::text("value", "The number."),
    DISPLAY,
    LABEL.suggesting(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

const MESSAGING: &[Attribute] = &[
    Attribute::text("value", "The address."),
    DISPLAY,
    LABEL.suggesting(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];

const PHOTO: &[Attribute] = &[
    Attribute::reference("value", "The address of the picture.", &["external"]),
    DISPLAY,
    LABEL.suggesting(&["photo", "thumbnail"]),
    PRIMARY,
];

const ADDRESS: &[Attribute] = &[
    Attribute::text("formatted", "The whole address, as it is shown."),
    Attribute::text("streetAddress", "Street and house."),
    Attribute::text("locality", "City or place."),
    Attribute::text("region", "Province or region."),
    Attribute::text("postalCode", "Postal code."),
    Attribute::text("country", "Country."),
    LABEL.suggesting(&["work", "home", "other"]),
    PRIMARY,
];

const MEMBERSHIP: &[Attribute] = &[
    Attribute::text("value", "The group's id.").exact().read_only(),
    Attribute::reference("$ref", "The group's address.", &["Group"]).read_only(),
    Attribute::text("display", "The group's name.").read_only(),
    Attribute::text("type", "Whether through another group.")
        .read_only()
        .suggesting(&["direct", "indirect"]),
];

const LABELLED: &[Attribute] = &[Attribute::text("value", "The value."), DISPLAY, LABEL, PRIMARY];

const CERTIFICATE: &[Attribute] = &[
    Attribute::new("value", Type::Binary, "The certificate, in DER and Base64.").exact(),
    DISPLAY,
    LABEL,
    PRIMARY,
];
