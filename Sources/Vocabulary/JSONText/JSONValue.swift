/// Holds one JSON value; objects keep the order of their members, so that a document can be written back unchanged.
///
/// The agent links no Foundation, hence no `JSONDecoder`; the format is RFC 8259.
package indirect enum JSONValue: Equatable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, members in document order, names unique.
    case object(JSONObject)
}

/// Holds the members of a JSON object in order.
package struct JSONObject: Equatable, Sendable {
    /// One name and its value.
    package struct Member: Equatable, Sendable {
        /// The member's name.
        package var name: String
        /// The member's value.
        package var value: JSONValue

        /// Pairs a name with a value.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The members in order.
    package private(set) var members: [Member]

    /// Makes an object; a repeated name keeps its first place and takes the last value.
    package init(_ members: [Member] = []) {
        self.members = []
        for member in members { self[member.name] = member.value }
    }

    /// Appends a member whose name is known to be new.
    mutating func append(_ name: String, _ value: JSONValue) { members.append(Member(name, value)) }

    /// Reads, replaces, appends or (with nil) removes the member of that name.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object from a literal, in the literal's order.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// Makes an integer.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes an array.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes an object in the literal's order.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
    }
}

extension JSONValue {
    /// The string, or nil for any other kind.
    package var text: String? { if case .string(let text) = self { text } else { nil } }
    /// The integer, or nil for any other kind.
    package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The truth value, or nil for any other kind.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements, or nil for any other kind.
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The object, or nil for any other kind.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// The member of that name, or nil when there is none or this is no object.
    package subscript(name: String) -> JSONValue? { object?[name] }
}
