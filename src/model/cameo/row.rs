//! A row of the table of codes.

/// One code of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cameo {
    /// Two to four digits.
    pub code: &'static str,
    /// Its name in the code list that ICEWS uses.
    pub name: &'static str,
    /// Its name in GDELT's look-up file, where that means something else.
    pub gdelt_name: Option<&'static str>,
    /// Goldstein weight in GDELT's look-up file, from -10 (conflict) to +10 (cooperation).
    pub goldstein_gdelt: f64,
    /// Goldstein weight in ICEWS (its `Intensity` column).
    pub goldstein_icews: f64,
}

/// A row whose name and weight are the same everywhere.
pub(super) const fn code(code: &'static str, name: &'static str, goldstein: f64) -> Cameo {
    Cameo {
        code,
        name,
        gdelt_name: None,
        goldstein_gdelt: goldstein,
        goldstein_icews: goldstein,
    }
}

impl Cameo {
    /// Weighs otherwise in ICEWS.
    pub(super) const fn icews(self, goldstein: f64) -> Self {
        Self {
            goldstein_icews: goldstein,
            ..self
        }
    }

    /// Means something else in GDELT.
    pub(super) const fn gdelt_name(self, name: &'static str) -> Self {
        Self {
            gdelt_name: Some(name),
            ..self
        }
    }
}
