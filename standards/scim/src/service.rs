//! What a service can do (RFC 7643, section 5).

use serde_json::{Value, json};

/// URN of the schema of a service's configuration.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// A service's abilities. Patches, filters and sorting are always there; bulk requests never.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Most resources of one answer.
    pub most_results: u32,
    pub changes_passwords: bool,
    pub has_etags: bool,
    pub documentation: Option<&'a str>,
}

impl Service<'_> {
    /// As `/ServiceProviderConfig` serves it; `base` is the address of the service.
    pub fn json(&self, base: &str) -> Value {
        let mut body = json!({
            "schemas": [SCHEMA],
            "patch": {"supported": true},
            "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": true, "maxResults": self.most_results},
            "changePassword": {"supported": self.changes_passwords},
            "sort": {"supported": true},
            "etag": {"supported": self.has_etags},
            "authenticationSchemes": [{
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "A token in the header Authorization, as RFC 6750 says.",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": true,
            }],
            "meta": {
                "resourceType": "ServiceProviderConfig",
                "location": format!("{base}/ServiceProviderConfig"),
            },
        });
        if let (Some(address), Some(members)) = (self.documentation, body.as_object_mut()) {
            members.insert("documentationUri".to_owned(), address.into());
        }
        body
    }
}
