import Foundation

/// The files of existing users, outside of the project: `LIFEBOOT_CORPUS` names the folder that holds `cloud-config.tsv`.
package enum FieldCorpus {
    /// The folder; nil when none is named, and then tests with these files are skipped.
    package static let folder = ProcessInfo.processInfo.environment["LIFEBOOT_CORPUS"]

    /// One line of the table.
    package struct Entry: Sendable, CustomStringConvertible {
        /// The name of the file.
        package let file: String
        /// What should be said of it: `accept`, `warn: …` or `reject: …`.
        package let verdict: String
        /// Who wrote it: `ship` is what others put into their images.
        package let kind: String
        /// Whether it has the header of cloud-init's files.
        package let isCloudConfig: Bool

        /// The name of the file.
        package var description: String { file }

        /// What the file holds.
        package func bytes() throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        }

        /// Where the file lies.
        package var path: String { "\(FieldCorpus.folder ?? "")/cloud-config/\(file)" }
    }

    /// All lines of the table; none without a folder.
    package static let entries: [Entry] = {
        guard let folder, let text = try? String(contentsOfFile: "\(folder)/cloud-config.tsv", encoding: .utf8) else {
            return []
        }
        let lines = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        return lines.dropFirst().map {
            Entry(
                file: String($0[0]), verdict: String($0[7]), kind: String($0[4]), isCloudConfig: $0[6] == "cloud-config"
            )
        }
    }()
}
