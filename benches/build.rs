//! With the feature `libtorch`: tell the linker of benchmarks what `dentate-backends` says.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let arguments = std::env::var("DEP_DENTATE_BACKENDS_LINK").unwrap_or_default();
    for argument in arguments.split(';').filter(|argument| !argument.is_empty()) {
        println!("cargo::rustc-link-arg={argument}");
    }
}
