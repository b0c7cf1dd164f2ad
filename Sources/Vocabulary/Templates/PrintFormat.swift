import JSONText

/// Fills in a format of `printf`.
///
/// Where Go writes its complaint into the result (`%!d(string=x)`), this fails.
struct PrintFormat {
    private var rest: ArraySlice<UInt8>
    private var values: ArraySlice<JSONValue>
    private var result: [UInt8] = []

    static func fill(_ format: String, _ values: [JSONValue]) throws(TemplateProblem) -> String {
        var printer = PrintFormat(rest: Array(format.utf8)[...], values: values[...])
        while let byte = printer.rest.popFirst() {
            if byte == UInt8(ascii: "%") { try printer.verb() } else { printer.result.append(byte) }
        }
        guard printer.values.isEmpty else { throw TemplateProblem(.failed, "there are more values than verbs") }
        return String(decoding: printer.result, as: UTF8.self)
    }

    private mutating func verb() throws(TemplateProblem) {
        guard let verb = rest.popFirst() else { throw TemplateProblem(.failed, "the format ends with '%'") }
        if verb == UInt8(ascii: "%") { return result.append(verb) }
        guard "sdqv".utf8.contains(verb) else {
            throw TemplateProblem(.unsupported, "only the verbs %s %d %q %v %% are supported")
        }
        guard let value = values.popFirst() else { throw TemplateProblem(.failed, "a verb has no value") }
        result += try GoText.all(value) { value, _ throws(TemplateProblem) in try Self.text(verb, value) }
        guard result.count <= Template.maximumOutput else { throw TemplateProblem(.limit, "the result is too large") }
    }

    private static func text(_ verb: UInt8, _ value: JSONValue) throws(TemplateProblem) -> String {
        switch (verb, value) {
        case (UInt8(ascii: "v"), _), (UInt8(ascii: "s"), .string), (UInt8(ascii: "d"), .integer):
            return try GoText.string(value)
        case (UInt8(ascii: "q"), .string(let text)): return GoText.quoted(text)
        default:
            let name = String(decoding: [UInt8(ascii: "%"), verb], as: UTF8.self)
            throw TemplateProblem(.failed, "\(name) does not write \(value.kindWords)")
        }
    }
}
