package import ImageModel
import JSONText

/// The files that an image consists of, as far as its bill says them; the files themselves are written as they come.
package struct BillOfFiles: Sendable {
    /// One file, with digests of its content.
    package struct Entry: Sendable {
        /// Its path without leading slash.
        package var path: String
        /// SHA-1, which SPDX 2.3 wants of every file: 40 digits.
        package var sha1: String
        /// SHA-256.
        package var sha256: Digest
        /// SHA-256 of the path, by which the file is called in the document.
        package var name: Digest

        /// Describes a file.
        package init(_ path: String, sha1: String, sha256: Digest, name: Digest) {
            self.path = path
            self.sha1 = sha1
            self.sha256 = sha256
            self.name = name
        }

        private var id: String { "SPDXRef-File-\(name.hex.prefix(24))" }

        /// The file as a line of the document, without what comes after it.
        package var line: [UInt8] {
            let file: JSONValue = [
                "SPDXID": .string(id), "fileName": .string("./\(path)"),
                "checksums": [
                    ["algorithm": "SHA1", "checksumValue": .string(sha1)],
                    ["algorithm": "SHA256", "checksumValue": .string(sha256.hex)],
                ],
                "licenseConcluded": SPDXDocument.nothing, "licenseInfoInFiles": [SPDXDocument.nothing],
                "copyrightText": SPDXDocument.nothing,
            ]
            return Array("    ".utf8) + file.serialized()
        }

        /// That the image contains it, likewise.
        package var relation: [UInt8] {
            Array("    ".utf8)
                + JSONValue.object(SPDXDocument.relationship(SPDXDocument.image, "CONTAINS", id)).serialized()
        }
    }

    /// SHA-1 over the sorted SHA-1s of all files (SPDX 2.3, 7.9).
    package var verificationCode: String

    /// Takes the code.
    package init(verificationCode: String) { self.verificationCode = verificationCode }
}
