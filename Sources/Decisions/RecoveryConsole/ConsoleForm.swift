/// Asks for one or more lines, and makes a task of them.
package struct ConsoleForm: Equatable, Sendable {
    private enum Subject: Equatable, Sendable {
        case source
        case address(String)
    }

    /// A line that is asked for.
    package struct Field: Equatable, Sendable {
        /// What is asked.
        package var question: String
        /// Whether nothing is an answer.
        package var mayBeEmpty = false
    }

    /// The longest answer, in characters.
    static let limit = 512

    private let subject: Subject
    /// What has been answered.
    package private(set) var answers: [String] = []
    /// What has been typed of the answer to come.
    package private(set) var typed = ""

    private init(_ subject: Subject) { self.subject = subject }

    /// Asks where an image is.
    package static let source = ConsoleForm(.source)

    /// Asks for the address of an interface.
    package static func address(_ interface: String) -> ConsoleForm { ConsoleForm(.address(interface)) }

    /// What stands above it.
    package var title: String {
        switch subject {
        case .source: "Install an image"
        case .address(let interface): "An address for \(interface), until the next start"
        }
    }

    /// The lines that are asked for, in order.
    package var fields: [Field] {
        switch subject {
        case .source:
            [Field(question: "Where is the image? For example oci://registry.example/os:3.1, or /path/to/image")]
        case .address:
            [
                Field(question: "Address with its length, for example 192.0.2.10/24"),
                Field(question: "Gateway; empty for none", mayBeEmpty: true),
                Field(question: "Name server; empty for none", mayBeEmpty: true),
            ]
        }
    }

    /// The line that is asked for now.
    package var field: Field? { fields.indices.contains(answers.count) ? fields[answers.count] : nil }

    /// Takes a key that edits the line.
    mutating func edit(_ key: ConsoleKey) {
        switch key {
        case .character(let letter) where typed.count < Self.limit: typed.append(letter)
        case .erase: typed = String(typed.dropLast())
        default: break
        }
    }

    /// Takes the line as an answer; returns the task once it was the last.
    mutating func answer() -> ConsoleTask? {
        let line = Self.trimmed(typed)
        guard let field, !line.isEmpty || field.mayBeEmpty else { return nil }
        answers.append(line)
        typed = ""
        guard answers.count == fields.count else { return nil }
        return task
    }

    /// Goes back to the line before; false when there is none.
    mutating func goBack() -> Bool {
        guard let last = answers.popLast() else { return false }
        typed = last
        return true
    }

    private var task: ConsoleTask {
        let given: (Int) -> String? = { answers[$0].isEmpty ? nil : answers[$0] }
        switch subject {
        case .source: return .upgrade(answers[0])
        case .address(let interface):
            return .address(interface: interface, address: answers[0], gateway: given(1), server: given(2))
        }
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
