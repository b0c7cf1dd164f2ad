extension DocumentPair {
    /// The error for a key that is none of the known ones, with the nearest of them.
    package func unknown(_ known: [String]) -> DocumentError {
        let nearest = known.nearest(to: key).map { " (did you mean '\($0)'?)" } ?? ""
        return DocumentError(
            at: mark, "unknown key '\(key)'\(nearest); known are \(known.joined(separator: ", "))")
    }
}

extension [String] {
    /// The first of those that a misspelt word is nearest to; nil when it is near none.
    ///
    /// Near is one slip of the hand, and two in a word of six letters or more. Capitals make no difference.
    package func nearest(to word: String) -> String? {
        let letters = Array<UInt8>(word.lowercased().utf8)
        let limit = letters.count < 6 ? 1 : 2
        let near = compactMap { candidate -> (slips: Int, word: String)? in
            let other = Array<UInt8>(candidate.lowercased().utf8)
            guard abs(other.count - letters.count) <= limit else { return nil }
            let slips = EditDistance.slips(from: letters, to: other)
            return slips <= limit ? (slips, candidate) : nil
        }
        return near.min { $0.slips < $1.slips }?.word
    }
}

/// Counts the slips between two words.
enum EditDistance {
    /// How many letters must be left out, added, exchanged for others, or swapped with their neighbours.
    ///
    /// The "optimal string alignment" form of the distance of Damerau and Levenshtein.
    static func slips(from first: [UInt8], to second: [UInt8]) -> Int {
        var rows = [Array(0...second.count)]
        for (row, letter) in first.enumerated() {
            var next = [row + 1]
            for (column, other) in second.enumerated() {
                let exchanged = rows[row][column] + (letter == other ? 0 : 1)
                next.append(Swift.min(exchanged, rows[row][column + 1] + 1, next[column] + 1))
                if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
                    next[column + 1] = Swift.min(next[column + 1], rows[row - 1][column - 1] + 1)
                }
            }
            rows.append(next)
        }
        return rows[first.count][second.count]
    }
}
