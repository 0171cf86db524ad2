//! Puts lists, structures and maps together from their primitive columns, as text.

use std::ops::Range;

use parquet::basic::{ConvertedType, Repetition};
use parquet::schema::types::Type;

use crate::read::formats::parquet::cells::{Kind, show};
use crate::read::formats::parquet::leaves::Leaf;

/// A column or a part of one, with the definition level from which it is no null.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    definition: i16,
    /// Its primitive columns, counted from the first of the whole column.
    leaves: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Shape {
    Leaf(Kind),
    Struct(Vec<(String, Node)>),
    /// An item, and the repetition level of a further one.
    List(Box<Node>, i16),
    Map(Box<[Node; 2]>, i16),
}

/// Levels of what holds a part, and the number of primitive columns before it.
#[derive(Clone, Copy, Default)]
struct Context {
    definition: i16,
    repetition: i16,
    leaf: usize,
}

/// Why a value is not given.
#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    TooLarge,
    Damaged(String),
}

impl Node {
    /// The shape of a column, by the rules of the format for lists of all ages.
    pub(super) fn from_parquet(column: &Type) -> Result<Self, String> {
        column_node(column, Context::default())
    }

    /// What the column holds, under the name that Arrow has for it.
    pub(super) fn type_name(&self) -> String {
        match &self.shape {
            Shape::Leaf(kind) => kind.to_string(),
            Shape::Struct(_) => "Struct".to_owned(),
            Shape::List(..) => "List".to_owned(),
            Shape::Map(..) => "Map".to_owned(),
        }
    }

    /// Whether the column holds texts.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.shape, Shape::Leaf(kind) if kind.is_text())
    }

    /// Whether a value of the column is null, by the level of its first leaf.
    pub(super) fn is_null_at(&self, definition: i16) -> bool {
        definition < self.definition
    }

    /// Writes the value that `leaves` have in the current row, in at most `limit` bytes.
    pub(super) fn write(&self, leaves: &mut [Leaf], out: &mut Vec<u8>, limit: usize) -> Result<(), Fault> {
        leaves.iter_mut().for_each(Leaf::rewind);
        Writing { leaves, limit }.node(self, out)?;
        if leaves.iter().all(Leaf::is_at_end) { Ok(()) } else { Err(unfit()) }
    }
}

fn unfit() -> Fault {
    Fault::Damaged("its lists do not fit each other".to_owned())
}

struct Writing<'a> {
    leaves: &'a mut [Leaf],
    limit: usize,
}

impl Writing<'_> {
    fn node(&mut self, node: &Node, out: &mut Vec<u8>) -> Result<(), Fault> {
        if out.len() > self.limit {
            return Err(Fault::TooLarge);
        }
        let leaf = self.leaves.get(node.leaves.start).ok_or_else(unfit)?;
        let definition = leaf.definition().ok_or_else(unfit)?;
        if definition < node.definition {
            return self.pass(&node.leaves);
        }
        match &node.shape {
            Shape::Leaf(kind) => self.leaf(node, *kind, out),
            Shape::Struct(fields) => {
                out.push(b'{');
                for (at, (name, field)) in fields.iter().enumerate() {
                    out.extend_from_slice(if at > 0 { b", " } else { b"" });
                    out.extend_from_slice(name.as_bytes());
                    out.extend_from_slice(b": ");
                    self.node(field, out)?;
                }
                out.push(b'}');
                Ok(())
            }
            Shape::List(item, level) => self.items(node, *level, std::slice::from_ref(item.as_ref()), out),
            Shape::Map(pair, level) => self.items(node, *level, pair.as_ref(), out),
        }
    }

    /// Writes items of one part, or of a key and a value.
    fn items(&mut self, node: &Node, level: i16, parts: &[Node], out: &mut Vec<u8>) -> Result<(), Fault> {
        let first = node.leaves.start;
        let (open, close) = if parts.len() > 1 { (b'{', b'}') } else { (b'[', b']') };
        out.push(open);
        if self.leaves.get(first).and_then(Leaf::definition) == Some(node.definition) {
            self.pass(&node.leaves)?;
            out.push(close);
            return Ok(());
        }
        loop {
            for (at, part) in parts.iter().enumerate() {
                out.extend_from_slice(if at > 0 { b": " } else { b"" });
                self.node(part, out)?;
            }
            if self.leaves.get(first).and_then(Leaf::repetition).is_none_or(|found| found < level) {
                out.push(close);
                return Ok(());
            }
            out.extend_from_slice(b", ");
        }
    }

    fn leaf(&mut self, node: &Node, kind: Kind, out: &mut Vec<u8>) -> Result<(), Fault> {
        let leaf = self.leaves.get_mut(node.leaves.start).ok_or_else(unfit)?;
        if let Some(value) = leaf.value() {
            show(kind, value, out).map_err(Fault::Damaged)?;
        }
        leaf.pass();
        Ok(())
    }

    /// Passes over a null or an empty list.
    fn pass(&mut self, leaves: &Range<usize>) -> Result<(), Fault> {
        self.leaves.get_mut(leaves.clone()).ok_or_else(unfit)?.iter_mut().for_each(Leaf::pass);
        Ok(())
    }
}

/// A part of a schema; a repeated one without a list around it is a list.
fn column_node(column: &Type, context: Context) -> Result<Node, String> {
    if repetition(column) == Repetition::REPEATED {
        return list(context, |context| item_node(column, context));
    }
    let definition = context.definition + i16::from(repetition(column) == Repetition::OPTIONAL);
    let context = Context { definition, ..context };
    if column.is_primitive() {
        return item_node(column, context);
    }
    match (column.get_basic_info().converted_type(), column.get_fields()) {
        (ConvertedType::LIST, [repeated]) => list_node(column, repeated, context),
        (ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE, [repeated]) => {
            map_node(column, repeated, context)
        }
        (ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE, _) => {
            Err(format!("the list or map `{}` does not have one child", column.name()))
        }
        _ => item_node(column, context),
    }
}

/// What the annotation of a list holds: its child is the list, and holds the item or is the item.
fn list_node(column: &Type, repeated: &Type, context: Context) -> Result<Node, String> {
    if repetition(repeated) != Repetition::REPEATED {
        return Err(format!("the child of the list `{}` is not repeated", column.name()));
    }
    let is_item = repeated.is_primitive() || {
        let fields = repeated.get_fields();
        let is_list = matches!(repeated.get_basic_info().converted_type(), ConvertedType::LIST);
        let holds_list = fields.iter().any(|field| repetition(field) == Repetition::REPEATED);
        let is_named = repeated.name() == "array" || repeated.name() == format!("{}_tuple", column.name());
        fields.len() != 1 || (!is_list && !holds_list && is_named)
    };
    list(context, |context| {
        let fields = if is_item { &[] } else { repeated.get_fields() };
        fields.first().map_or_else(|| item_node(repeated, context), |item| column_node(item, context))
    })
}

fn map_node(column: &Type, repeated: &Type, context: Context) -> Result<Node, String> {
    if repetition(repeated) != Repetition::REPEATED || repeated.is_primitive() {
        return Err(format!("the child of the map `{}` is not a repeated group", column.name()));
    }
    let [key, value] = repeated.get_fields() else {
        // Values may be left out; the keys are a list then.
        return list_node(column, repeated, context);
    };
    let inner = Context { definition: context.definition + 1, repetition: context.repetition + 1, ..context };
    let key = column_node(key, inner)?;
    let value = column_node(value, Context { leaf: key.leaves.end, ..inner })?;
    let leaves = context.leaf..value.leaves.end;
    let shape = Shape::Map(Box::new([key, value]), inner.repetition);
    Ok(Node { shape, definition: context.definition, leaves })
}

fn list(context: Context, item: impl Fn(Context) -> Result<Node, String>) -> Result<Node, String> {
    let inner = Context { definition: context.definition + 1, repetition: context.repetition + 1, ..context };
    let item = item(inner)?;
    let leaves = item.leaves.clone();
    Ok(Node { shape: Shape::List(Box::new(item), inner.repetition), definition: context.definition, leaves })
}

/// A primitive or a structure, whose own repetition `context` has in it.
fn item_node(column: &Type, context: Context) -> Result<Node, String> {
    let Context { definition, leaf, .. } = context;
    if column.is_primitive() {
        let kind = Kind::from_parquet(column)
            .ok_or_else(|| format!("the type of `{}` contradicts itself", column.name()))?;
        return Ok(Node { shape: Shape::Leaf(kind), definition, leaves: leaf..leaf + 1 });
    }
    let mut fields = Vec::new();
    let mut end = leaf;
    for field in column.get_fields() {
        let node = column_node(field, Context { leaf: end, ..context })?;
        end = node.leaves.end;
        fields.push((field.name().to_owned(), node));
    }
    if end == leaf {
        return Err(format!("the group `{}` holds no column", column.name()));
    }
    Ok(Node { shape: Shape::Struct(fields), definition, leaves: leaf..end })
}

fn repetition(column: &Type) -> Repetition {
    let info = column.get_basic_info();
    if info.has_repetition() { info.repetition() } else { Repetition::REQUIRED }
}
