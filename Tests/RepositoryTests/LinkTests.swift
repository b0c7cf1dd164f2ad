import Foundation
import Testing

@Suite("Links")
struct LinkTests {
    @Test("every relative link of a document leads somewhere", arguments: Repository.documents)
    func links(_ path: String) throws {
        let document = try Document(path)
        for match in document.text.matches(of: /\]\(([^)\s]+)\)/) {
            let link = String(match.output.1)
            guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let target = parts[0].isEmpty ? path : Self.resolve(parts[0], from: path)
            let url = Repository.root.appending(path: target)
            #expect(FileManager.default.fileExists(atPath: url.path), "\(path): \(link) leads nowhere")
            if parts.count == 2, target.hasSuffix(".md") {
                #expect(try Self.anchors(Document(target)).contains(parts[1]), "\(path): \(link) has no such heading")
            }
        }
    }

    /// The path that a link means, relative to the top of the checkout.
    static func resolve(_ link: String, from path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent as NSString
        return (folder.appendingPathComponent(link) as NSString).standardizingPath
    }

    /// The anchors that headings get on the usual forges.
    static func anchors(_ document: Document) -> Set<String> {
        let headings = document.text.split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                let text = heading.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(text.filter { $0.isLetter || $0.isNumber || "- _".contains($0) })
                    .replacingOccurrences(of: " ", with: "-")
            })
    }
}
