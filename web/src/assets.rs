//! Style sheet, script and mark: embedded, and named by their content so that they may be kept for good.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// A file that pages refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) body: &'static str,
}

/// The style sheet: one file for whoever asks, one a subject for whoever writes. Paper comes last.
const STYLES: &str = concat!(
    include_str!("../assets/look/ground.css"),
    include_str!("../assets/look/frame.css"),
    include_str!("../assets/look/words.css"),
    include_str!("../assets/look/figures.css"),
    include_str!("../assets/look/charts.css"),
    include_str!("../assets/look/forms.css"),
    include_str!("../assets/look/cases.css"),
    include_str!("../assets/look/scoreboard.css"),
    include_str!("../assets/look/indicator.css"),
    include_str!("../assets/look/plan.css"),
    include_str!("../assets/look/wall.css"),
    include_str!("../assets/look/print.css"),
);

pub(crate) const ASSETS: [Asset; 6] = [
    Asset { name: "app.css", media_type: "text/css; charset=utf-8", body: STYLES },
    Asset {
        name: "app.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_str!("../assets/app.js"),
    },
    Asset {
        name: "wall.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_str!("../assets/wall.js"),
    },
    Asset {
        name: "passkey.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_str!("../assets/passkey.js"),
    },
    Asset {
        name: "cases.js",
        media_type: "text/javascript; charset=utf-8",
        body: include_str!("../assets/cases.js"),
    },
    Asset {
        name: "river.svg",
        media_type: "image/svg+xml",
        body: include_str!("../assets/river.svg"),
    },
];

/// Hash of all assets together: a new build with another look has other addresses.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    for asset in &ASSETS {
        asset.body.hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
});

/// Address of an asset.
pub(crate) fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The asset of a name, whatever version was asked for.
pub(crate) fn find(name: &str) -> Option<Asset> {
    ASSETS.into_iter().find(|it| it.name == name)
}
