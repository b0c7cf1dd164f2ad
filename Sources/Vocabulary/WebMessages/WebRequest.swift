/// What a client asks a server for that only gives things.
package struct WebRequest: Equatable, Sendable {
    /// The method, as it was sent: `GET`.
    package var method: String
    /// Path and query, as they were sent.
    package var target: String
    /// The header fields by their names in lower case; the values of one that was sent several times are joined by commas
    /// (RFC 9110 5.3).
    package var fields: [String: String]

    /// States a request.
    package init(_ method: String, _ target: String, fields: [String: String] = [:]) {
        self.method = method
        self.target = target
        self.fields = fields
    }

    /// Whether the answer's body is left out.
    package var wantsHeadAlone: Bool { method == "HEAD" }

    /// The only methods that a server has that nobody can change anything on.
    package static let readingMethods = ["GET", "HEAD"]
}

/// Bytes that are read when a client takes them.
package protocol WebContent: Sendable {
    /// Reads exactly so many bytes at a place.
    ///
    /// - Throws: when they cannot be read, or are not there any more.
    func bytes(at offset: Int, count: Int) throws -> [UInt8]
}

/// Answers requests; called by several threads at once, and may block.
package protocol RequestAnswering: Sendable {
    /// Answers a request; what goes wrong is an answer, too.
    func answer(_ request: WebRequest) -> WebAnswer
}

/// What a server answers.
package struct WebAnswer: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// A short text.
        case bytes([UInt8])
        /// A range of something longer.
        case content(any WebContent, Range<Int>)
    }

    /// The status, such as 200.
    package var status: Int
    /// The header fields in order, without the length.
    package var fields: [(name: String, value: String)]
    /// What follows the head.
    package var body: Body
    /// The bytes that the body has, or would have if the client had not asked for the head alone; nil where there is none
    /// by rule (304).
    package var length: Int?

    /// States an answer with a text, or with nothing.
    package init(_ status: Int, _ fields: [(name: String, value: String)] = [], bytes: [UInt8] = []) {
        self.status = status
        self.fields = fields
        body = bytes.isEmpty ? .none : .bytes(bytes)
        length = bytes.count
    }

    /// The value of a field; nil when there is none.
    package func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The same head with nothing behind it.
    package func headAlone() -> WebAnswer {
        var answer = self
        answer.body = .none
        return answer
    }
}
