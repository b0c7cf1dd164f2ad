package import Faults

/// Says which line of a signature file is malformed.
package typealias SignatureFileError = Fault<SignatureFileFault>

/// Names the place of a fault in a signature file.
package struct SignatureFileFault: FaultKind {
    /// The line, from 1.
    package var line: Int
    /// What was found or expected.
    package var reason: String
}

extension SignatureFileError {
    /// Locates a fault.
    package init(line: Int, _ reason: String) {
        self.init(
            SignatureFileFault(line: line, reason: reason), "reading", ImageFile.signature.rawValue,
            cause: "line \(line): \(reason)", remedy: "Sign the manifest again or fetch the image again.")
    }
}

/// Holds `manifest.sig`: one or more lines, each the base64 of a DER-encoded ECDSA P-256 signature with SHA-256 over the
/// bytes of `manifest.json`.
///
/// Several signatures let a key be replaced: an image signed with the old and the new one boots everywhere.
package struct SignatureFile: Equatable, Sendable {
    /// The most lines accepted: bounds the work before trust is established.
    package static let maximumCount = 16
    /// The longest DER encoding of a P-256 signature in bytes: two integers of 33 bytes with their headers (SEC 1 C.8).
    package static let maximumSignatureLength = 72

    /// The DER-encoded signatures in file order.
    package var signatures: [[UInt8]]

    /// Holds signatures to be written.
    package init(signatures: [[UInt8]]) { self.signatures = signatures }

    /// Reads a signature file.
    ///
    /// - Throws: `SignatureFileError` when there is no line or more than `maximumCount`, or when a line is not base64 or
    ///   not of the shape of a DER sequence.
    package init(parsing bytes: [UInt8]) throws(SignatureFileError) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw SignatureFileError(line: 1, "there is no signature") }
        guard lines.count <= Self.maximumCount else {
            throw SignatureFileError(line: Self.maximumCount + 1, "more than \(Self.maximumCount) signatures")
        }
        signatures = []
        for (index, line) in lines.enumerated() { signatures.append(try Self.signature(line, number: index + 1)) }
    }

    /// The file's bytes: a line for each signature.
    package func serialized() -> [UInt8] {
        signatures.flatMap { Array(Base64.encode($0).utf8) + [0x0A] }
    }

    private static func signature(_ line: ArraySlice<UInt8>, number: Int) throws(SignatureFileError) -> [UInt8] {
        guard line.count <= (maximumSignatureLength + 2) / 3 * 4 else {
            throw SignatureFileError(line: number, "longer than a P-256 signature")
        }
        guard let der = Base64.decode(line) else { throw SignatureFileError(line: number, "not base64") }
        guard der.count >= 8, der.first == 0x30, Int(der[1]) == der.count - 2 else {
            throw SignatureFileError(line: number, "not a DER-encoded ECDSA signature")
        }
        return der
    }
}
