//! How the files of orders are dealt out.

use lake::{DataFile, Order};

/// Rows that one part holds at most, unless it is one file: little enough that losing an executor costs little, and
/// enough that handing out costs less than doing.
const ROWS: u64 = 400_000;

/// Files that one part holds at most.
const FILES: usize = 32;

/// Rows of one delivery at most: less than a minute of a core, which is computed again if whoever asked is killed, and work
/// for a hundred cores.
const DELIVERY: u64 = 200_000_000;

/// A file with the position of its order.
pub(crate) type Piece = (usize, DataFile);

/// Deliveries of parts of files: all of a delivery is delivered at once.
pub(crate) fn deliveries(orders: &[Order]) -> Vec<Vec<Vec<Piece>>> {
    let files = |(at, order): (usize, &Order)| {
        order.files().iter().map(|it| (at, it.clone())).collect::<Vec<_>>()
    };
    dealt(orders.iter().enumerate().flat_map(files), |(_, file)| file.rows)
}

fn dealt<T>(pieces: impl Iterator<Item = T>, rows: impl Fn(&T) -> u64) -> Vec<Vec<Vec<T>>> {
    let mut deliveries: Vec<Vec<Vec<T>>> = Vec::new();
    let (mut in_delivery, mut in_part) = (0, 0);
    for piece in pieces {
        let rows = rows(&piece);
        if deliveries.is_empty() || in_delivery + rows > DELIVERY {
            deliveries.push(Vec::new());
            in_delivery = 0;
        }
        let Some(delivery) = deliveries.last_mut() else { continue };
        in_delivery += rows;
        match delivery.last_mut() {
            Some(part) if part.len() < FILES && in_part + rows <= ROWS => {
                in_part += rows;
                part.push(piece);
            }
            Some(_) | None => {
                in_part = rows;
                delivery.push(vec![piece]);
            }
        }
    }
    deliveries
}

#[cfg(test)]
mod tests {
    use super::{DELIVERY, FILES, ROWS, dealt};

    /// Sizes of the parts of each delivery.
    fn parts(rows: &[u64]) -> Vec<Vec<usize>> {
        let deliveries = dealt(rows.iter().copied(), |it| *it);
        deliveries.iter().map(|delivery| delivery.iter().map(Vec::len).collect()).collect()
    }

    #[test]
    fn a_part_has_so_many_rows_and_files_and_no_more() {
        assert_eq!(parts(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(parts(&vec![1; 2 * FILES + 1]), [[FILES, FILES, 1]]);
        assert_eq!(parts(&[ROWS / 2, ROWS / 2, 1]), [[2, 1]]);
        assert_eq!(parts(&[1, 3 * ROWS, 1]), [[1, 1, 1]], "a large file is a part by itself");
    }

    #[test]
    fn a_delivery_has_so_many_rows_unless_it_is_one_file() {
        assert_eq!(parts(&[DELIVERY - 1, 1, 1]), [vec![1, 1], vec![1]]);
        assert_eq!(parts(&[2 * DELIVERY, 2 * DELIVERY]), [[1], [1]]);
    }
}
