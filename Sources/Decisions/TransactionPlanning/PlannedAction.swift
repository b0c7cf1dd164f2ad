package import JSONText

/// What one step of an operation does, as data; each operation has a type of its own for it.
package protocol PlannedAction: Equatable, Sendable {
    /// The kind of action: stable words with hyphens, for programs and messages, such as `write-image`.
    var name: String { get }
    /// What it is done to, for people.
    var subject: String { get }
    /// One sentence on what is done and why.
    var explanation: String { get }
    /// Everything it holds, for programs; an object.
    var json: JSONValue { get }
}
