import Faults
import Testing
import TreeFixtures
import TreeModel

@testable import PackageTrees

private let base = Array(
    """
    auto
    /usr/bin/editor
    editor.1.gz
    /usr/share/man/man1/editor.1.gz

    /bin/nano
    40
    /usr/share/man/man1/nano.1.gz


    """.utf8)

private func adding(_ choice: String) -> [UInt8] { base.dropLast() + Array(choice.utf8) + [0x0A, 0x0A] }

private func merged(_ one: [UInt8], _ other: [UInt8]) throws -> String {
    String(
        decoding: try AlternativeFile.merge(
            "editor", base: base, [StateVersion("a/a", one), StateVersion("a/b", other)]),
        as: UTF8.self)
}

@Suite("Alternatives")
struct AlternativeFileTests {
    @Test("a file is written as it was read")
    func roundTrip() throws {
        #expect(try #require(AlternativeFile(parsing: base)).bytes == base)
    }

    @Test("choices of two packages are joined, and the highest priority decides where the links lead")
    func choices() throws {
        let (vim, ed) = (adding("/usr/bin/vim\n50\n/vim.1.gz"), adding("/bin/ed\n-100\n"))
        let text = try merged(vim, ed)
        #expect(text == (try merged(ed, vim)))
        #expect(
            text
                == "auto\n/usr/bin/editor\neditor.1.gz\n/usr/share/man/man1/editor.1.gz\n\n/bin/ed\n-100\n\n/bin/nano\n40\n"
                + "/usr/share/man/man1/nano.1.gz\n/usr/bin/vim\n50\n/vim.1.gz\n\n")
        let file = try #require(AlternativeFile(parsing: Array(text.utf8)))
        #expect(file.links(named: "editor") == ["editor": "/usr/bin/vim", "editor.1.gz": "/vim.1.gz"])
    }

    @Test("of equal priorities the first by path counts, a choice without a further link has none")
    func equalPriorities() throws {
        let file = try #require(AlternativeFile(parsing: Array("auto\n/l\ns\n/s\n\n/b\n1\n/bs\n/a\n1\n\n\n".utf8)))
        #expect(file.links(named: "x") == ["x": "/a"])
    }

    @Test("what somebody chose by hand decides nothing, and what is no such file is an error")
    func otherFiles() throws {
        #expect(try #require(AlternativeFile(parsing: Array("manual\n/l\n\n/a\n1\n\n".utf8))).links(named: "x") == nil)
        for text in ["", "auto", "other\n/l\n\n", "auto\n/l\ns", "auto\n/l\n\n/a\nx\n\n", "auto\n/l\ns\n/s\n\n/a\n1"] {
            #expect(AlternativeFile(parsing: Array(text.utf8)) == nil, "\(text)")
        }
        let error = #expect(throws: PackageTreesError.self) { try merged(base, Array("x".utf8)) }
        #expect(error?.cause == "the file in a/b is not what update-alternatives writes")
    }

    @Test("one choice with two priorities is an error with both")
    func conflict() {
        let error = #expect(throws: PackageTreesError.self) { try merged(adding("/v\n1\n"), adding("/v\n2\n")) }
        #expect(error?.cause == "a/a has 1 where a/b has 2")
        #expect(error?.subject == "/var/lib/dpkg/alternatives/editor")
    }

    @Test("joining packages gives the file, the links to its choice, and takes links away that lead nowhere")
    func join() throws {
        let (alternatives, links): (EntryPath, EntryPath) = ("var/lib/dpkg/alternatives/editor", "etc/alternatives")
        let (link, manual) = (links.appending("editor".utf8), links.appending("editor.1.gz".utf8))
        let tree = Fixture.tree(
            Fixture.file(alternatives, 0), Fixture.link(link, to: "/bin/nano"), Fixture.link(manual, to: "/nano.1.gz"))
        let packages = [
            JoinedPackage(
                "a/a",
                Artefact(
                    Fixture.tree(
                        Fixture.file(alternatives, 1), Fixture.link(link, to: "/vim"),
                        Fixture.link(manual, to: "/vim.1.gz")))),
            JoinedPackage(
                "a/b", Artefact(Fixture.tree(Fixture.file(alternatives, 2), Fixture.link(link, to: "/usr/bin/ed")))),
        ]
        let contents = [0: base, 1: adding("/vim\n50\n/vim.1.gz"), 2: adding("/usr/bin/ed\n60\n")]
        let join = try PackageJoin(on: tree, packages)
        let state = try MergedState(of: join, on: tree, packages) { path, origin in
            #expect(path == alternatives)
            return switch origin {
            case .base: base
            case .package(let index): contents[index + 1] ?? []
            }
        }
        #expect(state.links == [link: Array("/usr/bin/ed".utf8)])
        #expect(state.removed == [manual])
        #expect(state.files.keys.map(\.self) == [alternatives])
    }

    @Test("a link of two packages that no alternative explains is an error")
    func unexplained() throws {
        let packages = ["x", "y"].map { target in
            JoinedPackage("a/\(target)", Artefact(Fixture.tree(Fixture.link("etc/alternatives/pager", to: target))))
        }
        let join = try PackageJoin(packages)
        let error = #expect(throws: PackageTreesError.self) {
            try MergedState(of: join, on: .empty, packages) { _, _ in [] }
        }
        #expect(error?.cause.contains("no alternative of them all says where it leads") == true)
    }
}
