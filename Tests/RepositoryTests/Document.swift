import Foundation
import Testing

/// A Markdown file of the checkout.
struct Document {
    /// Relative to the top of the checkout.
    var path: String
    /// Everything in it.
    var text: String

    /// Reads a document.
    init(_ path: String) throws {
        self.path = path
        text = try Repository.text(path)
    }

    /// One fenced block: its language and its lines.
    struct Block {
        var language: String
        var lines: [String]
    }

    /// The fenced blocks, in order.
    var blocks: [Block] {
        var result: [Block] = []
        var open: Block?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let isFence = line.trimmingCharacters(in: .whitespaces).hasPrefix("```")
            if isFence, let block = open {
                result.append(block)
                open = nil
            } else if isFence {
                open = Block(language: String(line.drop { " `".contains($0) }), lines: [])
            } else {
                open?.lines.append(line)
            }
        }
        return result
    }

    /// What stands between the comments `<!-- name: begin -->` and `<!-- name: end -->`.
    func region(_ name: String) throws -> String {
        let opening = try #require(text.range(of: "<!-- \(name): begin -->\n"), "\(path) has no part \(name)")
        let closing = try #require(text.range(of: "<!-- \(name): end -->"), "\(path) has no end of part \(name)")
        return String(text[opening.upperBound..<closing.lowerBound])
    }

    /// Expects that a part equals what was generated; writes it when files are to be updated.
    func expect(_ name: String, equals generated: String) throws {
        let current = try region(name)
        if Repository.updates, current != generated {
            let begin = "<!-- \(name): begin -->\n"
            let updated = try Repository.text(path).replacing(begin + current, with: begin + generated)
            try updated.write(to: Repository.root.appending(path: path), atomically: true, encoding: .utf8)
        } else {
            #expect(current == generated, "\(path), part \(name): run `make golden`")
        }
    }

    /// The first cells of the rows of the tables in a part, without their back quotes.
    func firstCells(_ name: String) throws -> [String] {
        try region(name).split(separator: "\n").dropFirst(2).compactMap { row in
            row.split(separator: "|").first?.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
        }
    }
}
