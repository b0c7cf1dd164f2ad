/// A reader of bytes from outside, and what must hold for any bytes at all.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// Its name, which is that of its folder in the corpus.
    package let name: String
    /// Reads the bytes; errors of the format are caught, and what breaks a rule is thrown.
    package let run: @Sendable ([UInt8]) throws(FuzzFailure) -> Void

    package var description: String { name }

    /// All readers, by name.
    package static let all: [FuzzTarget] =
        (machine + images + documents + configuration + specs + software + registry + archives).sorted {
            $0.name < $1.name
        }

    /// A reader of which only this is asked: that it ends, and does not trap.
    static func survives(_ name: String, _ read: @escaping @Sendable ([UInt8]) throws -> Void) -> FuzzTarget {
        FuzzTarget(name: name) { (bytes) throws(FuzzFailure) in
            do { try read(bytes) } catch { try readable(error) }
        }
    }

    /// A reader with a writer: what was written of a value is read, and gives the same bytes when it is written again.
    static func returns<Value: SendableMetatype>(
        _ name: String, _ read: @escaping @Sendable ([UInt8]) throws -> Value?,
        _ write: @escaping @Sendable (Value) throws -> [UInt8]
    ) -> FuzzTarget {
        FuzzTarget(name: name) { (bytes) throws(FuzzFailure) in
            let value: Value
            do {
                guard let read = try read(bytes) else { return }
                value = read
            } catch { return try readable(error) }
            let (written, again): ([UInt8], [UInt8]?)
            do {
                written = try write(value)
                again = try read(written).map(write)
            } catch { throw FuzzFailure(because: "what was written of \(value) is not read: \(error)") }
            guard again == written else {
                throw FuzzFailure(because: "\(text(written)) became \(again.map(text) ?? "nothing")")
            }
        }
    }

    /// An error ends on a terminal: it has words, in one piece.
    static func readable(_ error: any Error) throws(FuzzFailure) {
        let words = "\(error)"
        guard !words.isEmpty else { throw FuzzFailure(because: "an error of type \(type(of: error)) has no words") }
        guard words.utf8.count <= 100_000 else {
            throw FuzzFailure(because: "an error of type \(type(of: error)) has \(words.utf8.count) bytes")
        }
    }
}

/// Says which rule some bytes break.
package struct FuzzFailure: Error, CustomStringConvertible {
    package let description: String

    init(because description: String) { self.description = description }
}
