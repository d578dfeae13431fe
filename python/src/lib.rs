//! The part of the Python package that is written in Rust: commands that are called, tables that
//! Arrow libraries take, and rows that come from them.

mod columns;
mod rows;

mod call;

/// Module `detente._detente`, which `detente` is made of.
#[pyo3::pymodule]
mod _detente {
    #[pymodule_export]
    use crate::call::call;
    #[pymodule_export]
    use crate::columns::Columns;
    #[pymodule_export]
    use crate::rows::Rows;
}
