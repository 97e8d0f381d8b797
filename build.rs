//! Builds the server anew when an asset changed. Debug builds read assets from the disk and need no such care.

use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        let site = Path::new("target/site");
        std::fs::create_dir_all(site)?;
        println!("cargo::rerun-if-changed={}", site.display());
    }
    Ok(())
}
