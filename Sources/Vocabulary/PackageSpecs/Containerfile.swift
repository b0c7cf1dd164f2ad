import DocumentTree
import RegistryModel
import SystemPackage

/// Finds the images that a Containerfile names, which a lock file has to hold.
///
/// The form is that of Containerfile(5): `FROM [--platform=P] IMAGE [AS STAGE]`, `COPY --from=IMAGE`, and
/// `RUN --mount=…,from=IMAGE`.
struct Containerfile {
    /// The most images that one can name.
    private static let limit = 256

    private var stages: Set<String> = ["scratch"]
    private var images: [Located<SourceReference>] = []
    private var skipsNext: Bool
    private let file: FilePath

    /// The images, each once.
    ///
    /// - Parameter besidesFirst: whether the first FROM is replaced by something else.
    /// - Throws: `DocumentError` for one that cannot be read before the build, such as `FROM $BASE`.
    static func images(
        in text: String, _ file: FilePath, besidesFirst: Bool
    ) throws(DocumentError) -> [Located<SourceReference>] {
        var reader = Containerfile(skipsNext: besidesFirst, file: file)
        for (words, line) in instructions(in: text) { try reader.read(words, DocumentMark(line: line, column: 1)) }
        return reader.images
    }

    private init(skipsNext: Bool, file: FilePath) {
        self.skipsNext = skipsNext
        self.file = file
    }

    private mutating func read(_ words: [Substring], _ mark: DocumentMark) throws(DocumentError) {
        let options = words.dropFirst().prefix { $0.hasPrefix("--") }
        switch words.first?.uppercased() {
        case "FROM":
            let rest = words.dropFirst(1 + options.count)
            guard let image = rest.first else { throw DocumentError(at: mark, "FROM names no image") }
            if !skipsNext { try add(String(image), mark) }
            skipsNext = false
            if let stage = rest.dropFirst(2).first { stages.insert(stage.lowercased()) }
        case "COPY", "RUN":
            for option in options {
                let parts = option.split(whereSeparator: { $0 == "," || $0 == " " }).map { part in
                    part.hasPrefix("--") ? part.dropFirst(part.hasPrefix("--mount=") ? 8 : 2) : part
                }
                for part in parts where part.hasPrefix("from=") { try add(String(part.dropFirst(5)), mark) }
            }
        default: return
        }
    }

    private mutating func add(_ text: String, _ mark: DocumentMark) throws(DocumentError) {
        guard !stages.contains(text.lowercased()), !text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
        guard !text.contains("$") else {
            throw DocumentError(
                at: mark, "the image \(text.quoted) is not known before the build; write it out, or as ${values.NAME}")
        }
        let node = DocumentNode(.scalar(text, quoted: true), at: mark)
        let image = Located(try DocumentValue<SourceReference>.image.read(node, "the image"), at: SpecPlace(file, mark))
        if images.contains(where: { $0.value == image.value }) { return }
        guard images.count < Self.limit else {
            throw DocumentError(at: mark, "it names more than \(Self.limit) images")
        }
        images.append(image)
    }

    /// The words of each instruction with its line, continued lines joined, without comments and here-documents.
    private static func instructions(in text: String) -> [(words: [Substring], line: Int)] {
        var result: [(words: [Substring], line: Int)] = []
        var (current, start): ([Substring], Int) = ([], 0)
        var terminator: String?
        for (index, line) in ContainerfileLines.split(text).enumerated() {
            var words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            if let end = terminator {
                if words.map(String.init) == [end] { terminator = nil }
                continue
            }
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            let goesOn = words.last?.last == "\\"
            if goesOn { words[words.count - 1].removeLast() }
            if current.isEmpty { start = index + 1 }
            current += words.filter { !$0.isEmpty }
            if goesOn { continue }
            terminator = hereDocument(current)
            result.append((current, start))
            current = []
        }
        return current.isEmpty ? result : result + [(current, start)]
    }

    /// The word that ends a here-document of `RUN` or `COPY`.
    private static func hereDocument(_ words: [Substring]) -> String? {
        guard ["COPY", "RUN"].contains(words.first?.uppercased()) else { return nil }
        return ContainerfileLines.hereDocument(in: words)
    }
}
