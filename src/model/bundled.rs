//! Holds the bytes of the models that ship with the library.

/// The bytes of the bundled stance model; `None` in a build without the feature `bundled-models`.
pub fn bundled_stance() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(include_bytes!("../../models/stance.safetensors"))
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}

/// The bytes of the bundled loaded-language model; `None` in a build without the feature `bundled-models`.
pub fn bundled_loaded_language() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(include_bytes!("../../models/loaded.safetensors"))
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}
