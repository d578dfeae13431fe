//! Rows of any Arrow stream as the text that readers of event data read.

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::ArrowError;
use csv::{QuoteStyle, Writer, WriterBuilder};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

/// Rows of an Arrow stream, to be read once as a table of text.
#[pyclass(module = "detente._detente", frozen)]
pub(crate) struct Rows {
    names: Vec<String>,
    text: Mutex<Option<Text>>,
}

#[pymethods]
impl Rows {
    /// Takes what has `__arrow_c_stream__`. The columns are parted by a character, under a header
    /// or without.
    ///
    /// Where a column has the name `named_by`, in small letters, there is a header all the same.
    #[new]
    #[pyo3(signature = (stream, separator, header, named_by=None))]
    fn new(
        stream: &Bound<'_, PyAny>,
        separator: char,
        header: bool,
        named_by: Option<&str>,
    ) -> PyResult<Self> {
        let separator = u8::try_from(separator)
            .map_err(|_| PyValueError::new_err("a separator is an ASCII character"))?;
        let capsule = stream.call_method0("__arrow_c_stream__")?;
        let capsule = capsule
            .cast::<PyCapsule>()
            .map_err(|_| PyTypeError::new_err("__arrow_c_stream__ gave no PyCapsule"))?;
        let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
        // SAFETY: a capsule of this name points to a stream of the Arrow C interface, which is
        // moved out of it: what is left is marked as released, so that the capsule's destructor
        // leaves it alone.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.cast().as_ptr()) };
        let reader = RecordBatchStreamReader::try_new(stream)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let mut text = Text::new(reader, separator, header);
        let names = text.names();
        text.header |= names
            .iter()
            .any(|name| named_by.is_some_and(|column| name.eq_ignore_ascii_case(column)));
        Ok(Self {
            names,
            text: Mutex::new(Some(text)),
        })
    }

    /// The names of the columns.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }
}

impl Rows {
    /// The text, which can be taken once.
    pub(crate) fn take(&self) -> PyResult<impl Read + Send + 'static> {
        let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        text.take()
            .ok_or_else(|| PyValueError::new_err("these rows were read already"))
    }
}

/// Rows as text, a batch at a time.
struct Text {
    reader: RecordBatchStreamReader,
    separator: u8,
    header: bool,
    ready: VecDeque<u8>,
}

impl Text {
    fn new(reader: RecordBatchStreamReader, separator: u8, header: bool) -> Self {
        Self {
            reader,
            separator,
            header,
            ready: VecDeque::new(),
        }
    }

    fn names(&self) -> Vec<String> {
        let schema = self.reader.schema();
        schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    fn writer(&self) -> Writer<Vec<u8>> {
        let quotes = match self.separator {
            b'\t' => QuoteStyle::Never,
            _ => QuoteStyle::Necessary,
        };
        WriterBuilder::new()
            .delimiter(self.separator)
            .quote_style(quotes)
            .from_writer(Vec::new())
    }

    /// A value in a table whose fields have no quotes cannot have what parts fields and lines.
    fn field(&self, text: String) -> String {
        if self.separator == b'\t' {
            text.replace(['\t', '\n', '\r'], " ")
        } else {
            text
        }
    }

    /// The next batch as lines; nothing at the end.
    fn next(&mut self) -> io::Result<bool> {
        let failed = |error: ArrowError| io::Error::other(error.to_string());
        let mut lines = self.writer();
        let mut is_over = true;
        if std::mem::take(&mut self.header) {
            lines.write_record(self.names().into_iter().map(|name| self.field(name)))?;
            is_over = false;
        } else if let Some(batch) = self.reader.next() {
            self.write(&batch.map_err(failed)?, &mut lines)
                .map_err(failed)?;
            is_over = false;
        }
        let lines = lines.into_inner().map_err(|error| error.into_error())?;
        self.ready.extend(lines);
        Ok(!is_over)
    }

    fn write(&self, batch: &RecordBatch, lines: &mut Writer<Vec<u8>>) -> Result<(), ArrowError> {
        let options = FormatOptions::default();
        let columns = batch.columns().iter();
        let columns: Vec<_> = columns
            .map(|column| ArrayFormatter::try_new(column, &options))
            .collect::<Result<_, _>>()?;
        for row in 0..batch.num_rows() {
            for column in &columns {
                let text = column.value(row).try_to_string()?;
                lines
                    .write_field(self.field(text))
                    .map_err(|error| ArrowError::CsvError(error.to_string()))?;
            }
            lines
                .write_record(None::<&[u8]>)
                .map_err(|error| ArrowError::CsvError(error.to_string()))?;
        }
        Ok(())
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            if !self.next()? {
                return Ok(0);
            }
        }
        self.ready.read(buffer)
    }
}
