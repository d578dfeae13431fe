//! Tables as Arrow columns, which other libraries take without a copy.

use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, UInt64Builder,
};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchOptions};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use csv::{ReaderBuilder, StringRecord};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::HashMap;
use std::sync::Arc;

/// What stands in a column. Whatever is empty is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Calendar days.
    Date,
    /// Degrees, shares, probabilities: every bit of them.
    Float,
    /// Counts.
    Whole,
    /// Numbers up to 2^64, such as seeds.
    Large,
    /// Names, codes, sentences.
    Text,
}

impl Kind {
    fn of_name(name: &str) -> PyResult<Self> {
        match name {
            "date" => Ok(Self::Date),
            "float" => Ok(Self::Float),
            "int" => Ok(Self::Whole),
            "uint" => Ok(Self::Large),
            "text" => Ok(Self::Text),
            other => Err(PyValueError::new_err(format!(
                "unknown kind of column: {other}"
            ))),
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Date => DataType::Date32,
            Self::Float => DataType::Float64,
            Self::Whole => DataType::Int64,
            Self::Large => DataType::UInt64,
            Self::Text => DataType::Utf8,
        }
    }
}

/// A table of Arrow columns, made of the CSV that a command prints.
#[pyclass(module = "detente._detente", frozen)]
pub(crate) struct Columns {
    batch: RecordBatch,
}

#[pymethods]
impl Columns {
    /// Reads CSV with a header. Columns are text but for those that `kinds` names as date, float,
    /// int or uint.
    #[new]
    fn new(py: Python<'_>, csv: &[u8], kinds: HashMap<String, String>) -> PyResult<Self> {
        let kinds = kinds
            .into_iter()
            .map(|(name, kind)| Ok((name, Kind::of_name(&kind)?)))
            .collect::<PyResult<HashMap<_, _>>>()?;
        let batch = py.detach(|| read(csv, &kinds));
        let batch = batch.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { batch })
    }

    /// The names of the columns.
    #[getter]
    fn names(&self) -> Vec<String> {
        let schema = self.batch.schema();
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// The schema, by the Arrow PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.batch.schema());
        let schema = schema.map_err(|error| PyValueError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The rows as a stream of one batch, by the Arrow PyCapsule interface. A schema that is wished
    /// for is not heeded, as the interface allows.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

/// A column under way.
enum Growing {
    Date(Date32Builder),
    Float(Float64Builder),
    Whole(Int64Builder),
    Large(UInt64Builder),
    Text(StringBuilder),
}

impl Growing {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Float => Self::Float(Float64Builder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Large => Self::Large(UInt64Builder::new()),
            Kind::Text => Self::Text(StringBuilder::new()),
        }
    }

    /// Takes a value; whether it is one.
    fn push(&mut self, text: &str) -> bool {
        match self {
            Self::Date(column) => value(text, days, |day| column.append_option(day)),
            Self::Float(column) => value(
                text,
                |text| text.parse().ok(),
                |number| column.append_option(number),
            ),
            Self::Whole(column) => value(
                text,
                |text| text.parse().ok(),
                |number| column.append_option(number),
            ),
            Self::Large(column) => value(
                text,
                |text| text.parse().ok(),
                |number| column.append_option(number),
            ),
            Self::Text(column) => {
                column.append_option((!text.is_empty()).then(|| no_formula(text)));
                true
            }
        }
    }

    fn finish(self) -> arrow_array::ArrayRef {
        let mut builder: Box<dyn ArrayBuilder> = match self {
            Self::Date(column) => Box::new(column),
            Self::Float(column) => Box::new(column),
            Self::Whole(column) => Box::new(column),
            Self::Large(column) => Box::new(column),
            Self::Text(column) => Box::new(column),
        };
        builder.finish()
    }
}

/// Takes what is empty as null, and anything else as `read` reads it; whether it could.
fn value<T>(text: &str, read: impl Fn(&str) -> Option<T>, push: impl FnOnce(Option<T>)) -> bool {
    let value = read(text);
    let is_one = text.is_empty() || value.is_some();
    push(value);
    is_one
}

/// Days since 1970-01-01 of a date of the calendar.
fn days(text: &str) -> Option<i32> {
    let day = text.parse::<detente::model::Day>().ok()?;
    Some(day.days_since(detente::model::Day::EPOCH))
}

/// A text as it was before the CSV kept it from being a formula of a spreadsheet.
fn no_formula(text: &str) -> &str {
    let behind = text.trim_start_matches('\'');
    match text.strip_prefix('\'') {
        Some(rest) if behind.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => text,
    }
}

fn read(csv: &[u8], kinds: &HashMap<String, Kind>) -> Result<RecordBatch, ArrowError> {
    let bad = |error: csv::Error| ArrowError::CsvError(error.to_string());
    let mut lines = ReaderBuilder::new().from_reader(csv);
    let names: Vec<String> = lines
        .headers()
        .map_err(bad)?
        .iter()
        .map(str::to_owned)
        .collect();
    let kind = |name: &String| kinds.get(name).copied().unwrap_or(Kind::Text);
    let kinds: Vec<_> = names.iter().map(kind).collect();
    let mut columns: Vec<_> = kinds.iter().map(|kind| Growing::new(*kind)).collect();
    let mut record = StringRecord::new();
    let mut rows = 0;
    while lines.read_record(&mut record).map_err(bad)? {
        rows += 1;
        for ((column, text), name) in columns.iter_mut().zip(&record).zip(&names) {
            if !column.push(text) {
                let says = format!("row {rows}, column {name}: `{text}` is not what it holds");
                return Err(ArrowError::CsvError(says));
            }
        }
    }
    let fields = names.iter().zip(&kinds);
    let fields: Vec<_> = fields
        .map(|(name, kind)| Field::new(name, kind.data_type(), true))
        .collect();
    let columns = columns.into_iter().map(Growing::finish).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
}
