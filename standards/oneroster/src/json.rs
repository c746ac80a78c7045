//! Objects as the rostering service answers with them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::model::{
    AcademicSession, Class, Course, Demographics, Enrollment, Entity, Org, Role, User,
};

/// Where objects are, so that others can refer to them.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// Address of the service, up to `/ims/oneroster/rostering/v1p2`.
    pub base: &'a str,
}

impl Links<'_> {
    /// A reference to an object.
    pub fn to(&self, collection: &str, kind: &str, id: &str) -> Value {
        json!({"href": format!("{}/{collection}/{}", self.base, escaped(id)), "sourcedId": id, "type": kind})
    }

    fn session(&self, id: &str) -> Value {
        self.to("academicSessions", "academicSession", id)
    }

    fn org(&self, id: &str) -> Value {
        self.to("orgs", "org", id)
    }

    fn user(&self, id: &str) -> Value {
        self.to("users", "user", id)
    }
}

/// An organisation, with those directly below it.
pub fn org(links: Links<'_>, it: &Org, children: &[String]) -> Value {
    let mut object = Object::of(it);
    object.put("name", it.name.as_str());
    object.put("type", it.kind.as_str());
    object.put_some("identifier", it.identifier.as_deref());
    object.put_some("parent", it.parent.as_deref().map(|id| links.org(id)));
    object.put_list("children", children.iter().map(|id| links.org(id)));
    object.value()
}

/// A period, with those directly within it.
pub fn academic_session(links: Links<'_>, it: &AcademicSession, children: &[String]) -> Value {
    let mut object = Object::of(it);
    object.put("title", it.title.as_str());
    object.put("type", it.kind.as_str());
    object.put("startDate", it.begins_on.to_string());
    object.put("endDate", it.ends_on.to_string());
    object.put("schoolYear", it.school_year.to_string());
    object.put_some("parent", it.parent.as_deref().map(|id| links.session(id)));
    object.put_list("children", children.iter().map(|id| links.session(id)));
    object.value()
}

pub fn course(links: Links<'_>, it: &Course) -> Value {
    let mut object = Object::of(it);
    object.put("title", it.title.as_str());
    object.put_some("schoolYear", it.school_year.as_deref().map(|id| links.session(id)));
    object.put_some("courseCode", it.code.as_deref());
    object.put_list("grades", it.grades.iter().map(String::as_str));
    object.put_list("subjects", it.subjects.iter().map(String::as_str));
    object.put_list("subjectCodes", it.subject_codes.iter().map(String::as_str));
    object.put("org", links.org(&it.org));
    object.value()
}

pub fn class(links: Links<'_>, it: &Class) -> Value {
    let mut object = Object::of(it);
    object.put("title", it.title.as_str());
    object.put_some("classCode", it.code.as_deref());
    object.put("classType", it.kind.as_str());
    object.put_some("location", it.location.as_deref());
    object.put_list("grades", it.grades.iter().map(String::as_str));
    object.put_list("subjects", it.subjects.iter().map(String::as_str));
    object.put("course", links.to("courses", "course", &it.course));
    object.put("school", links.org(&it.school));
    // The standard asks for this list also when there is nothing in it.
    let terms: Vec<Value> = it.terms.iter().map(|id| links.session(id)).collect();
    object.put("terms", terms);
    object.put_list("subjectCodes", it.subject_codes.iter().map(String::as_str));
    object.put_list("periods", it.periods.iter().map(String::as_str));
    object.value()
}

/// A user with all roles. A password is never shown.
pub fn user(links: Links<'_>, it: &User, roles: &[Role]) -> Value {
    let mut object = Object::of(it);
    object.put_some("userMasterIdentifier", it.master_identifier.as_deref());
    object.put_some("username", it.username.as_deref());
    object.put_list("userIds", it.user_ids.iter().filter_map(|it| user_id(it)));
    object.put("enabledUser", it.enabled.to_string());
    object.put("givenName", it.given_name.as_str());
    object.put("familyName", it.family_name.as_str());
    object.put_some("middleName", it.middle_name.as_deref());
    object.put_some("preferredFirstName", it.preferred_given_name.as_deref());
    object.put_some("preferredMiddleName", it.preferred_middle_name.as_deref());
    object.put_some("preferredLastName", it.preferred_family_name.as_deref());
    object.put_some("pronouns", it.pronouns.as_deref());
    let roles: Vec<Value> = roles.iter().map(|it| role(links, it)).collect();
    object.put("roles", roles);
    object.put_some("primaryOrg", it.primary_org.as_deref().map(|id| links.org(id)));
    object.put_some("identifier", it.identifier.as_deref());
    object.put_some("email", it.email.as_deref());
    object.put_some("sms", it.sms.as_deref());
    object.put_some("phone", it.phone.as_deref());
    object.put_list("agents", it.agents.iter().map(|id| links.user(id)));
    object.put_list("grades", it.grades.iter().map(String::as_str));
    object.value()
}

fn role(links: Links<'_>, it: &Role) -> Value {
    let mut object = Object(Map::new());
    object.put("roleType", it.kind.as_str());
    object.put("role", it.role.as_str());
    object.put("org", links.org(&it.org));
    object.put_some("beginDate", it.begins_on.map(|it| it.to_string()));
    object.put_some("endDate", it.ends_on.map(|it| it.to_string()));
    object.value()
}

/// `{LDAP:zhang.wei}` as an object.
fn user_id(text: &str) -> Option<Value> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (kind, identifier) = inner.split_once(':')?;
    Some(json!({"type": kind, "identifier": identifier}))
}

pub fn enrollment(links: Links<'_>, it: &Enrollment) -> Value {
    let mut object = Object::of(it);
    object.put("user", links.user(&it.user));
    object.put("class", links.to("classes", "class", &it.class));
    object.put("school", links.org(&it.school));
    object.put("role", it.role.as_str());
    object.put_some("primary", it.primary.map(|it| it.to_string()));
    object.put_some("beginDate", it.begins_on.map(|it| it.to_string()));
    object.put_some("endDate", it.ends_on.map(|it| it.to_string()));
    object.value()
}

pub fn demographics(it: &Demographics) -> Value {
    let mut object = Object::of(it);
    object.put_some("birthDate", it.born_on.map(|it| it.to_string()));
    object.put_some("sex", it.sex.as_ref().map(|it| it.as_str()));
    let flags = [
        ("americanIndianOrAlaskaNative", it.american_indian_or_alaska_native),
        ("asian", it.asian),
        ("blackOrAfricanAmerican", it.black_or_african_american),
        ("nativeHawaiianOrOtherPacificIslander", it.native_hawaiian_or_other_pacific_islander),
        ("white", it.white),
        ("demographicRaceTwoOrMoreRaces", it.two_or_more_races),
        ("hispanicOrLatinoEthnicity", it.hispanic_or_latino),
    ];
    for (name, flag) in flags {
        object.put_some(name, flag.map(|it| it.to_string()));
    }
    object.put_some("countryOfBirthCode", it.country_of_birth.as_deref());
    object.put_some("stateOfBirthAbbreviation", it.state_of_birth.as_deref());
    object.put_some("cityOfBirth", it.city_of_birth.as_deref());
    object.put_some("publicSchoolResidenceStatus", it.residence_status.as_deref());
    object.value()
}

/// Members, put in one by one.
struct Object(Map<String, Value>);

impl Object {
    fn of(it: &impl Entity) -> Self {
        let mut object = Self(Map::new());
        object.put("sourcedId", it.sourced_id());
        object.put("status", it.status().as_str());
        let modified_at = it.modified_at().unwrap_or(Timestamp::UNIX_EPOCH);
        object.put("dateLastModified", format!("{modified_at:.3}"));
        object
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn put_list<T: Into<Value>>(&mut self, name: &str, values: impl IntoIterator<Item = T>) {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.put(name, values);
        }
    }

    fn value(self) -> Value {
        Value::Object(self.0)
    }
}

/// An id as a part of an address.
fn escaped(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
