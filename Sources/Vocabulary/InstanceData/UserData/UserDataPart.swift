package import DocumentTree

/// One piece of user data of which it is known what it is.
package struct UserDataPart: Equatable, Sendable {
    /// What a piece is.
    package enum Kind: Equatable, Sendable {
        /// A configuration in cloud-init's dialect.
        case cloudConfig
        /// A YAML mapping without cloud-init's header, that is, in the dialect of stages.
        case stages
        /// A program with `#!`; whether it is run is for the policy to say.
        case script
        /// Addresses whose answers take the place of the piece, in this order.
        case include([String])
    }

    /// What it is.
    package var kind: Kind
    /// Its text, without any encoding or compression.
    package var bytes: [UInt8]
    /// What messages call it: the file name that it came with, else a number; letters, digits, `.`, `_` and `-`.
    package var name: String
    /// How many containers it lies in; what its addresses answer is read one deeper.
    package var depth: Int
}

/// A piece of user data that is not used.
package struct UserDataRefusal: Equatable, Sendable, CustomStringConvertible {
    /// What messages call the piece.
    package var name: String
    /// Why it is not used, without a full stop.
    package var reason: String

    /// Name and reason in one line.
    package var description: String { "\(name): \(reason)" }
}

/// What user data holds.
package struct UserData: Equatable, Sendable {
    /// The pieces, in the order in which they are to be used.
    package var parts: [UserDataPart] = []
    /// What was left out.
    package var refusals: [UserDataRefusal] = []
}

/// What reading user data may cost.
package struct UserDataLimits: Sendable {
    /// Bytes of all texts together after decompression, and of any one before it.
    package var bytes = 1 << 20
    /// Pieces, the refused ones included.
    package var parts = 64
    /// Containers inside one another, whether compressed, of several parts, lists or included.
    package var depth = 5
    /// Addresses of one list.
    package var addresses = 64

    /// The limits that count when nothing else is said.
    package init() {}
}

/// The two things that reading user data needs and that need a library.
package struct UserDataTools: Sendable {
    /// Unpacks gzip; nil when it is damaged or longer than so many bytes.
    package var decompress: @Sendable (_ bytes: [UInt8], _ limit: Int) -> [UInt8]?
    /// Reads a YAML text; nil for one without a document.
    package var parse: @Sendable (_ text: [UInt8]) throws(DocumentError) -> DocumentNode?

    /// Takes both.
    package init(
        decompress: @escaping @Sendable (_ bytes: [UInt8], _ limit: Int) -> [UInt8]?,
        parse: @escaping @Sendable (_ text: [UInt8]) throws(DocumentError) -> DocumentNode?
    ) {
        self.decompress = decompress
        self.parse = parse
    }
}
