package import RegistryModel

/// A Containerfile whose images are named as the program that builds it finds them.
package struct ContainerfileText: Equatable, Sendable {
    /// The file's text.
    package private(set) var text = ""
    /// What the last stage starts from, as it is named in the text; `scratch` for no files at all.
    package private(set) var base = "scratch"

    private var stages: [String: String] = [:]
    private var count = 0

    /// Names the images anew; comments, stages and everything else stay as they are.
    ///
    /// - Parameters:
    ///   - first: what the first stage starts from; nil leaves that to the file.
    ///   - name: gives the new name of an image.
    /// - Throws: what `name` throws; `RegistryModelError` for an image that cannot be read, which `PackageFile` has refused.
    package init(
        _ text: String, first: String? = nil, naming name: (SourceReference) throws -> String
    ) throws {
        var reader = ContainerfileLines()
        var lines: [String] = []
        for line in ContainerfileLines.split(text) {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            switch reader.keyword(of: words) {
            case "FROM" where reader.isFirst: lines.append(try from(words, first, name))
            case "COPY", "RUN":
                lines.append(try options(String(line), reader.isFirst ? words.dropFirst() : words[...], name))
            default: lines.append(String(line))
            }
        }
        self.text = lines.joined(separator: "\n")
    }

    private mutating func from(
        _ words: [String], _ first: String?, _ name: (SourceReference) throws -> String
    ) throws -> String {
        let options = words.dropFirst().prefix { $0.hasPrefix("--") }
        let rest = words.dropFirst(1 + options.count)
        var image = rest.first ?? ""
        if count == 0, let first { image = first } else { image = try renamed(image, name) }
        base = stages[image.lowercased()] ?? image
        if let stage = rest.dropFirst(2).first { stages[stage.lowercased()] = base }
        stages["\(count)"] = base
        count += 1
        return (["FROM"] + options + [image] + rest.dropFirst()).joined(separator: " ")
    }

    /// `--from=IMAGE` of COPY, `from=IMAGE` in `--mount=` of RUN; both stand in front.
    private func options(
        _ line: String, _ words: ArraySlice<String>, _ name: (SourceReference) throws -> String
    ) throws -> String {
        var line = line
        for word in words.prefix(while: { $0.hasPrefix("--") }) {
            let parts = try word.split(separator: ",").map { part -> String in
                for prefix in ["--from=", "from=", "--mount=from="] where part.hasPrefix(prefix) {
                    return prefix + (try renamed(String(part.dropFirst(prefix.count)), name))
                }
                return String(part)
            }
            let new = parts.joined(separator: ",")
            if new != word, let place = line.firstRange(of: word) { line.replaceSubrange(place, with: new) }
        }
        return line
    }

    private func renamed(_ image: String, _ name: (SourceReference) throws -> String) throws -> String {
        guard image.lowercased() != "scratch", stages[image.lowercased()] == nil else { return image }
        return try name(SourceReference(parsing: image))
    }
}
