//! Errors as `imsx_StatusInfo`.

use serde_json::{Value, json};

/// The closed list of minor codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minor {
    FullSuccess,
    InvalidFilterField,
    InvalidSelectionField,
    InvalidSort,
    InvalidData,
    UnknownObject,
    Unauthorised,
    Forbidden,
    ServerBusy,
    InternalServerError,
}

impl Minor {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullSuccess => "fullsuccess",
            Self::InvalidFilterField => "invalid_filter_field",
            Self::InvalidSelectionField => "invalid_selection_field",
            Self::InvalidSort => "invalid_sort_field",
            Self::InvalidData => "invaliddata",
            Self::UnknownObject => "unknownobject",
            Self::Unauthorised => "unauthorisedrequest",
            Self::Forbidden => "forbidden",
            Self::ServerBusy => "server_busy",
            Self::InternalServerError => "internal_server_error",
        }
    }

    /// Status of the HTTP answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::FullSuccess => 200,
            Self::InvalidFilterField
            | Self::InvalidSelectionField
            | Self::InvalidSort
            | Self::InvalidData => 400,
            Self::Unauthorised => 401,
            Self::Forbidden => 403,
            Self::UnknownObject => 404,
            Self::ServerBusy => 429,
            Self::InternalServerError => 500,
        }
    }
}

/// What a client is told when it cannot have what it asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{description}")]
pub struct OneRosterError {
    pub minor: Minor,
    pub description: String,
}

impl OneRosterError {
    pub fn new(minor: Minor, description: impl Into<String>) -> Self {
        Self { minor, description: description.into() }
    }

    pub fn json(&self) -> Value {
        json!({
            "imsx_codeMajor": "failure",
            "imsx_severity": "error",
            "imsx_description": self.description,
            "imsx_CodeMinor": {
                "imsx_codeMinorField": [{
                    "imsx_codeMinorFieldName": "TargetEndSystem",
                    "imsx_codeMinorFieldValue": self.minor.as_str(),
                }],
            },
        })
    }
}
