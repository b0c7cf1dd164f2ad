package import JSONText

/// What one step of a plan does, as data; each kind of plan has a type of its own for it.
package protocol PlannedAction: Equatable, Sendable {
    /// What steps of this kind of plan give to later ones; `Never` where they give nothing.
    associatedtype Product: StepProduct = Never

    /// The kind of action: stable words with hyphens, for programs and messages, such as `write-image`.
    var name: String { get }
    /// What it is done to, for people.
    var subject: String { get }
    /// One sentence on what is done and why.
    var explanation: String { get }
    /// Everything it holds, for programs; an object.
    var json: JSONValue { get }
    /// What later steps can count on when it was done.
    var gives: [Product] { get }
    /// What earlier steps must have given.
    var needs: [Product] { get }
}

extension PlannedAction {
    /// Nothing, unless the action says otherwise.
    package var gives: [Product] { [] }
    /// Nothing, unless the action says otherwise.
    package var needs: [Product] { [] }
}

/// Something that one step gives and another needs, such as the mounted root.
package protocol StepProduct: Equatable, Sendable {
    /// What it is, for people: a noun with its article.
    var words: String { get }
}

extension StepProduct where Self: RawRepresentable, RawValue == String {
    /// The raw value.
    package var words: String { rawValue }
}

extension Never: StepProduct {
    /// There is nothing to word.
    package var words: String {
        switch self {}
    }
}
