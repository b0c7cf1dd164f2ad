import ImageModel
import JSONText

extension TemplateFunction {
    /// What is drawn by chance.
    static let draws: [String: TemplateFunction] = [
        "randAlphaNum": .init(1...1) { arguments throws(TemplateProblem) in
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            return .string(try RandomText.draw(try arguments.count(0), of: letters, arguments.surroundings))
        },
        "randNumeric": .init(1...1) { arguments throws(TemplateProblem) in
            .string(try RandomText.draw(try arguments.count(0), of: "0123456789", arguments.surroundings))
        },
        "uuidv4": .init(0...0) { arguments throws(TemplateProblem) in
            .string(try RandomText.uuid(arguments.surroundings))
        },
    ]
}

/// Draws texts.
enum RandomText {
    /// Draws that many letters, each as likely as the others.
    static func draw(
        _ count: Int, of alphabet: String, _ surroundings: TemplateSurroundings
    ) throws(TemplateProblem) -> String {
        let letters = Array(alphabet.utf8)
        // Bytes beyond the last multiple would make the first letters more likely.
        let limit = 256 - 256 % letters.count
        var text: [UInt8] = []
        // A good source needs two or three turns; one that always gives the same byte must not hold us.
        for _ in 0..<64 where text.count < count {
            let bytes = surroundings.random(count - text.count).filter { Int($0) < limit }
            text += bytes.prefix(count - text.count).map { letters[Int($0) % letters.count] }
        }
        guard text.count == count else { throw TemplateProblem(.failed, "there are no random numbers") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Draws a UUID of version 4 (RFC 9562 section 5.4).
    static func uuid(_ surroundings: TemplateSurroundings) throws(TemplateProblem) -> String {
        var bytes = surroundings.random(16)
        guard bytes.count == 16 else { throw TemplateProblem(.failed, "there are no random numbers") }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var parts: [String] = []
        for range in [0..<4, 4..<6, 6..<8, 8..<10, 10..<16] { parts.append(Hexadecimal.text(of: bytes[range])) }
        return parts.joined(separator: "-")
    }
}
