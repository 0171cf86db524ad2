//! The models that ship inside the program.

/// The bytes of the default stance model, or `None` in a build without the feature `bundled-models`.
pub fn embedded() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(include_bytes!("../../models/stance.safetensors"))
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}

/// The bytes of the model of loaded sentences that goes with it.
pub fn embedded_bias() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(include_bytes!("../../models/bias.safetensors"))
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}
