package import Faults
import JSONText

/// Takes the members of one object of a manifest and checks each; knows its JSON path for error messages.
struct ManifestReader {
    let object: JSONObject
    let path: String

    init(_ object: JSONObject, path: String = "$") {
        self.object = object
        self.path = path
    }

    func fault(_ name: String, _ reason: String) -> ManifestError { ManifestError("\(path).\(name)", reason) }

    func required(_ name: String) throws(ManifestError) -> JSONValue {
        guard let value = object[name] else { throw fault(name, "missing") }
        return value
    }

    func text(_ name: String, where isValid: (String) -> Bool, expected: String) throws(ManifestError) -> String {
        guard let text = try required(name).text else { throw fault(name, "expected a string") }
        guard isValid(text) else { throw fault(name, "expected \(expected)") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(ManifestError) -> Int64 {
        guard let value = try required(name).integer else { throw fault(name, "expected an integer") }
        guard range.contains(value) else {
            throw fault(name, "\(value) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    /// Reads a size or offset in bytes: from 1 to 2^52, so that no sum of a few of them overflows.
    func size(_ name: String) throws(ManifestError) -> Int { Int(try integer(name, in: 1...(1 << 52))) }

    func digest(_ name: String) throws(ManifestError) -> Digest {
        guard let digest = Digest(hex: try text(name, where: { _ in true }, expected: "")) else {
            throw fault(name, "expected 64 lower-case hexadecimal digits")
        }
        return digest
    }

    func hexadecimal(_ name: String, bytes range: ClosedRange<Int>) throws(ManifestError) -> [UInt8] {
        let text = try text(name, where: { _ in true }, expected: "")
        guard let bytes = Hexadecimal.bytes(of: text), range.contains(bytes.count) else {
            throw fault(
                name, "expected lower-case hexadecimal digits for \(range.lowerBound) to \(range.upperBound) bytes")
        }
        return bytes
    }

    func child(_ name: String) throws(ManifestError) -> ManifestReader {
        guard let object = try required(name).object else { throw fault(name, "expected an object") }
        return ManifestReader(object, path: "\(path).\(name)")
    }

    func optionalChild(_ name: String) throws(ManifestError) -> ManifestReader? {
        object[name] == nil ? nil : try child(name)
    }

    /// Reads an array of objects; one that is not there is empty.
    func children(_ name: String) throws(ManifestError) -> [ManifestReader] {
        guard let value = object[name] else { return [] }
        guard let elements = value.elements else { throw fault(name, "expected an array") }
        var children: [ManifestReader] = []
        for (index, element) in elements.enumerated() {
            guard let object = element.object else { throw fault("\(name)[\(index)]", "expected an object") }
            children.append(ManifestReader(object, path: "\(path).\(name)[\(index)]"))
        }
        return children
    }

    /// Reads an array of strings; one that is not there is empty.
    func texts(
        _ name: String, where isValid: (String) -> Bool, expected: String
    ) throws(ManifestError) -> [String] {
        guard let value = object[name] else { return [] }
        guard let elements = value.elements else { throw fault(name, "expected an array") }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.text, isValid(text) else {
                throw fault("\(name)[\(index)]", "expected \(expected)")
            }
            texts.append(text)
        }
        return texts
    }

    func file() throws(ManifestError) -> Manifest.File {
        Manifest.File(size: try size("size"), sha256: try digest("sha256"))
    }
}

/// Says what is wrong in a manifest, and where.
package typealias ManifestError = Fault<ManifestFault>

/// Names the place of a fault in a manifest.
package struct ManifestFault: FaultKind {
    /// The place as a JSON path, `$.root.verity.salt`; `$` alone for the text itself.
    package var path: String

    /// A schema that this agent does not know.
    package var refusal: RefusalKind? { path == "$.schema" ? .schema : nil }
}

extension ManifestError {
    /// The place as a JSON path.
    package var path: String { kind.path }

    /// Locates a fault.
    package init(
        _ path: String, _ reason: String, remedy: String = "Build the image again or fetch it from its source again."
    ) {
        self.init(
            ManifestFault(path: path), "reading", ImageFile.manifest.rawValue, cause: "\(path): \(reason)",
            remedy: remedy)
    }
}
