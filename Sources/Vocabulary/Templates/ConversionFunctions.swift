import ImageModel
import JSONText

extension TemplateFunction {
    /// Writing values, and turning one form into another.
    static let conversions: [String: TemplateFunction] = [
        "print": .init(0...many) { arguments throws(TemplateProblem) in
            var text = ""
            var wasText = true
            for (index, value) in arguments.values.enumerated() {
                let isText = value.text != nil
                // Go puts a space only between two that are no texts.
                text += index > 0 && !isText && !wasText ? " " : ""
                text += try GoText.string(value)
                wasText = isText
            }
            return .string(text)
        },
        "println": .init(0...many) { arguments throws(TemplateProblem) in
            var words: [String] = []
            for value in arguments.values { words.append(try GoText.string(value)) }
            return .string(words.joined(separator: " ") + "\n")
        },
        "printf": .init(1...many) { arguments throws(TemplateProblem) in
            .string(try PrintFormat.fill(try arguments.text(0), Array(arguments.values.dropFirst())))
        },
        "toString": .init(1...1) { arguments throws(TemplateProblem) in .string(try GoText.string(arguments[0])) },
        "int": .init(1...1) { arguments in .integer(WholeNumber.of(arguments[0])) },
        "b64enc": .init(1...1) { arguments throws(TemplateProblem) in .string(Base64.encode(try arguments.bytes(0))) },
        "b64dec": .init(1...1) { arguments throws(TemplateProblem) in
            let letters = try arguments.bytes(0).filter { $0 != 0x0A && $0 != 0x0D }
            guard let bytes = Base64.decode(letters), let text = String(validating: bytes, as: UTF8.self) else {
                throw TemplateProblem(.failed, "the argument is no base64 of a UTF-8 text")
            }
            return .string(text)
        },
        "sha256sum": .init(1...1) { arguments throws(TemplateProblem) in
            .string(Hexadecimal.text(of: arguments.surroundings.sha256(try arguments.bytes(0))))
        },
        "env": .init(1...1) { arguments throws(TemplateProblem) in
            let name = try arguments.text(0)
            guard let value = arguments.surroundings.environment[name] else {
                throw TemplateProblem(.failed, "the variable '\(name)' is not given to templates")
            }
            return .string(value)
        },
    ]
}

/// Makes integers of values as sprig's `int` does; what is no number is 0.
enum WholeNumber {
    static func of(_ value: JSONValue) -> Int64 {
        switch value {
        case .bool(let value): value ? 1 : 0
        case .integer(let value): value
        case .number(let value): value.isFinite ? Int64(exactly: value.rounded(.towardZero)) ?? 0 : 0
        case .string(let text): TemplateNumber.integer(withoutFraction(text)) ?? 0
        default: 0
        }
    }

    /// Takes off a fraction of zeros only.
    private static func withoutFraction(_ text: String) -> String {
        guard let point = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return text }
        let fraction = text.utf8[text.utf8.index(after: point)...]
        return !fraction.isEmpty && fraction.allSatisfy { $0 == 0x30 } ? String(text[..<point]) : text
    }
}
