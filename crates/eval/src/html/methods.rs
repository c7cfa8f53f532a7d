//! The methods with their looks, which are the same in all charts.

use crate::comparison::Role;
use crate::findings::Findings;
use crate::look::Look;
use maud::{Markup, html};

/// The list beside the contents; the script makes buttons of it.
pub(super) fn panel(findings: &Findings<'_>) -> Markup {
    let suite = findings.suite;
    let methods = &suite.manifest.methods;
    let rows = || findings.streams.iter().flat_map(|c| &c.rows);
    let role = |method: usize| rows().find(|row| row.method == method).map(|row| row.role);
    html! {
        @if methods.len() > 1 {
            details.methods open {
                summary { "Methods" }
                ul { @for (method, entry) in methods.iter().enumerate() {
                    @if let Some(role) = role(method) {
                        @let look = Look::of(suite, method, role);
                        li data-m=(method) {
                            (swatch(&look))
                            span { (entry.title) }
                            @match role { Role::Control => span.tag { "control" }, Role::Reference => span.tag { "reference" }, Role::Contender => {} }
                        }
                    }
                } }
            }
        }
    }
}

/// A piece of a method's line with its mark.
fn swatch(look: &Look) -> Markup {
    html! {
        svg.swatch viewBox="0 0 30 14" width="30" height="14" aria-hidden="true" {
            g class=(look.class) {
                path.line d="M1 7h28" {}
                path class=(if look.mark.open { "mark open" } else { "mark" }) d=(look.mark.path(15.0, 7.0, 3.8)) {}
            }
        }
    }
}
