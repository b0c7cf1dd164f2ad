import ImageModel
import RegistryModel

/// Reads the labels by which a container image says what the image made from it is called.
enum ContainerLabels {
    /// Name of the system.
    static let name = "io.lifeboot.name"
    /// Version shown to people.
    static let version = "io.lifeboot.version"
    /// Number that grows with each release.
    static let sequence = "io.lifeboot.sequence"
    /// Boards that the image fits, separated by commas or spaces.
    static let boards = "io.lifeboot.boards"
    /// Kernel arguments, separated by spaces.
    static let kernelArguments = "io.lifeboot.kernel-arguments"

    /// The draft of a manifest: labels first; the creation time of the container image, or 1970, stands for the rest.
    ///
    /// - Throws: `ImageAssemblyError` when a label has a value that no manifest can hold.
    static func draft(_ config: ContainerConfig, source: Digest) throws(ImageAssemblyError) -> ManifestDraft {
        guard let epoch = config.created ?? UTCTime(seconds: 0) else {
            throw fault("created", "", expected: "a time")
        }
        var draft = ManifestDraft(createdAt: epoch)
        draft.architecture = config.architecture
        draft.source = source
        let labels = config.labels
        draft.name = try value(name, labels, expected: "letters, digits, '.', '_', '-'", ManifestText.isName)
        draft.version = try value(
            version, labels, expected: "letters, digits, '.', '_', '-', '+', '~', ':'", ManifestText.isVersion)
        if let text = labels[sequence] {
            guard let number = Int64(text), number >= 0 else {
                throw fault(sequence, text, expected: "a number of at least 0")
            }
            draft.sequence = number
        }
        draft.boards = try words(boards, labels, separators: ", ", expected: "names", ManifestText.isName)
        draft.kernelArguments = try words(
            kernelArguments, labels, separators: " ", expected: "printable ASCII without quotes, '\\' and '$'",
            ManifestText.isKernelArgument)
        let length = draft.kernelArguments.joined(separator: " ").utf8.count
        guard length <= ManifestText.maximumKernelArguments else {
            throw fault(kernelArguments, "…", expected: "at most \(ManifestText.maximumKernelArguments) bytes")
        }
        return draft
    }

    private static func value(
        _ label: String, _ labels: [String: String], expected: String, _ isValid: (String) -> Bool
    ) throws(ImageAssemblyError) -> String? {
        guard let text = labels[label] else { return nil }
        guard isValid(text) else { throw fault(label, text, expected: expected) }
        return text
    }

    private static func words(
        _ label: String, _ labels: [String: String], separators: String, expected: String,
        _ isValid: (String) -> Bool
    ) throws(ImageAssemblyError) -> [String] {
        let words = (labels[label] ?? "").split { separators.contains($0) }.map(String.init)
        if let wrong = words.first(where: { !isValid($0) }) { throw fault(label, wrong, expected: expected) }
        return words
    }

    private static func fault(_ label: String, _ text: String, expected: String) -> ImageAssemblyError {
        .unsuitable(
            "reading", "the label \(label)", "'\(text)' is not \(expected)",
            remedy: "Build the container image with another value.")
    }
}
