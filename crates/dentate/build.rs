//! With the feature `libtorch`: hands on what the linker of a program has to be told, by `links`, to that program's build script. A
//! library cannot tell it that itself.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let arguments = std::env::var("DEP_DENTATE_BACKENDS_LINK").unwrap_or_default();
    println!("cargo::metadata=link={arguments}");
    // Of this package, for tests and examples.
    for argument in arguments.split(';').filter(|argument| !argument.is_empty()) {
        println!("cargo::rustc-link-arg={argument}");
    }
}
