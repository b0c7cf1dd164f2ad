package import Faults
package import ImageModel
package import JSONText

/// Takes the members of one object of a document and checks each; knows its JSON path for error messages.
package struct DocumentReader {
    /// The object as it was read.
    package let object: JSONObject
    /// Where it is in the document, such as `$.layers[2]`.
    package let path: String
    private let operation: String
    private let remedy: String

    private init(_ object: JSONObject, path: String, operation: String, remedy: String) {
        self.object = object
        self.path = path
        self.operation = operation
        self.remedy = remedy
    }

    /// Reads the text of a document that must be an object.
    ///
    /// - Parameters:
    ///   - maximum: the largest document in bytes.
    ///   - operation: what messages call the reading.
    ///   - remedy: what messages advise.
    /// - Throws: `RegistryModelError`, as all of its functions.
    package init(parsing bytes: [UInt8], maximum: Int, operation: String, remedy: String) throws(RegistryModelError) {
        let empty = DocumentReader([:], path: "$", operation: operation, remedy: remedy)
        guard bytes.count <= maximum else { throw empty.fault("longer than \(maximum) bytes") }
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw empty.fault(error.description) }
        guard let object = value.object else { throw empty.fault("expected a JSON object") }
        self.init(object, path: "$", operation: operation, remedy: remedy)
    }

    private init(_ object: JSONObject, path: String, like parent: DocumentReader) {
        self.init(object, path: path, operation: parent.operation, remedy: parent.remedy)
    }

    /// Says that the object is wrong.
    package func fault(_ cause: String) -> RegistryModelError {
        RegistryModelError(.document, operation, path, cause: cause, remedy: remedy)
    }

    /// Says that a member is wrong.
    package func fault(_ name: String, _ cause: String) -> RegistryModelError {
        RegistryModelError(.document, operation, "\(path).\(Self.shown(name))", cause: cause, remedy: remedy)
    }

    /// A name as part of a path; quoted when it is no plain word.
    private static func shown(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { isDigit($0) || isLowerCase($0) || isUpperCase($0) }
        return isPlain ? name : name.quoted
    }

    /// The member of that name; null counts as absent, as in what Go programs write.
    private func value(_ name: String) -> JSONValue? {
        let value = object[name]
        return value == .null ? nil : value
    }

    /// A text, or nil when there is no such member.
    package func optionalText(_ name: String) throws(RegistryModelError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.text else { throw fault(name, "expected a string") }
        return text
    }

    /// A text that must be there.
    package func text(_ name: String) throws(RegistryModelError) -> String {
        guard let text = try optionalText(name) else { throw fault(name, "missing") }
        return text
    }

    /// A whole number that must be there.
    package func integer(_ name: String, in range: ClosedRange<Int64>) throws(RegistryModelError) -> Int64 {
        guard let value = value(name) else { throw fault(name, "missing") }
        guard let integer = value.integer else { throw fault(name, "expected an integer") }
        guard range.contains(integer) else {
            throw fault(name, "\(integer) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return integer
    }

    /// A digest that must be there, as registries write it.
    package func digest(_ name: String) throws(RegistryModelError) -> Digest {
        let text = try text(name)
        guard let digest = Digest(registryText: text) else {
            throw fault(name, "\(text.quoted) is not sha256: and 64 lower-case hexadecimal digits")
        }
        return digest
    }

    /// An object, or nil when there is no such member.
    package func optionalChild(_ name: String) throws(RegistryModelError) -> DocumentReader? {
        guard let value = value(name) else { return nil }
        guard let object = value.object else { throw fault(name, "expected an object") }
        return DocumentReader(object, path: "\(path).\(Self.shown(name))", like: self)
    }

    /// An object that must be there.
    package func child(_ name: String) throws(RegistryModelError) -> DocumentReader {
        guard let child = try optionalChild(name) else { throw fault(name, "missing") }
        return child
    }

    /// The elements of an array, or nil when there is no such member.
    package func elements(_ name: String, atMost maximum: Int) throws(RegistryModelError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.elements else { throw fault(name, "expected an array") }
        guard elements.count <= maximum else { throw fault(name, "more than \(maximum) elements") }
        return elements
    }

    /// The objects of an array; one that is not there is an error.
    package func children(_ name: String, atMost maximum: Int) throws(RegistryModelError) -> [DocumentReader] {
        guard let elements = try elements(name, atMost: maximum) else { throw fault(name, "missing") }
        var children: [DocumentReader] = []
        for (index, element) in elements.enumerated() {
            let place = "\(path).\(name)[\(index)]"
            guard let object = element.object else {
                throw RegistryModelError(
                    .document, operation, place, cause: "expected an object", remedy: remedy)
            }
            children.append(DocumentReader(object, path: place, like: self))
        }
        return children
    }

    /// An object whose values are strings, as annotations and labels; one that is not there is empty.
    package func texts(_ name: String) throws(RegistryModelError) -> [String: String] {
        guard let child = try optionalChild(name) else { return [:] }
        var texts: [String: String] = [:]
        for member in child.object.members {
            guard let text = member.value.text else { throw child.fault(member.name, "expected a string") }
            texts[member.name] = text
        }
        return texts
    }
}

/// Says what is wrong in a reference, a document or a setting of a registry.
package typealias RegistryModelError = Fault<RegistryModelFault>

/// Names what is wrong.
package enum RegistryModelFault: FaultKind {
    /// A reference to an image, or to a source of images.
    case reference
    /// A document of a registry, or a file with credentials.
    case document
    /// A header of an answer.
    case header
}

extension String {
    /// The text for a message: at most 100 characters, what cannot be printed replaced, in single quotes.
    ///
    /// Texts from a registry or a header are quoted with this, so that no message writes control characters.
    package var quoted: String {
        let printable = unicodeScalars.prefix(100).map { scalar -> Character in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : Character(scalar)
        }
        return "'" + String(printable) + (unicodeScalars.count > 100 ? "…'" : "'")
    }
}
