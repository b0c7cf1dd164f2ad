import HTTPTransfer
import InstanceData
import Testing

@testable import DataSources

@Suite("User data that name addresses") struct IncludeExpansionTests {
    private func expand(
        _ text: String, _ client: FakeClient, _ change: (inout DataSourceLimits) -> Void = { _ in }
    ) -> (parts: [UserDataPart], expansion: IncludeExpansion) {
        var limits = DataSourceLimits()
        change(&limits)
        var reader = SourceReader.userData(limits)
        var expansion = IncludeExpansion(limits, client)
        return (expansion.expanded(reader.read(Array(text.utf8)).parts), expansion)
    }

    @Test("what addresses answer takes their place, in order, answers that name others included")
    func order() {
        let client = FakeClient([
            "https://h/1": .text("#include\nhttps://h/2\n"), "https://h/2": .text("#cloud-config\na: 2\n"),
            "https://h/3": .text("#!/bin/sh\n"),
        ])
        let (parts, expansion) = expand("#include\nhttps://h/1\nhttps://h/3\n", client)
        #expect(parts.map(\.kind) == [.cloudConfig, .script])
        #expect(client.log == ["GET https://h/1", "GET https://h/3", "GET https://h/2"])
        #expect(expansion.remarks.isEmpty && !expansion.isIncomplete)
        #expect(client.requests.allSatisfy { !$0.isMetadata })
    }

    @Test("an address that gives nothing is told without its query, and the others are used")
    func failures() {
        let client = FakeClient([
            "https://h/2": .text("#!/bin/sh\n"), "https://h/3": .status(500), "https://h/4": .failure(.untrusted),
        ])
        let (parts, expansion) = expand(
            "#include\nhttps://h/1?key=secret\nhttps://h/2\nhttps://h/3\nhttps://h/4\n", client)
        #expect(parts.map(\.kind) == [.script])
        #expect(expansion.isIncomplete)
        #expect(
            expansion.remarks == [
                "user data is left out: user-data-1: https://h/1: there is nothing",
                "user data is left out: user-data-3: https://h/3: it answers with status 500",
                "user data is left out: user-data-4: https://h/4: a test says untrusted",
            ])
    }

    @Test("texts that name themselves come to an end")
    func circle() {
        let client = FakeClient(["https://h/1": .text("#include\nhttps://h/1\n")])
        let (parts, expansion) = expand("#include\nhttps://h/1\n", client)
        #expect(parts.isEmpty)
        #expect(client.log.count == 6)
        #expect(expansion.remarks.last?.hasSuffix("there are more than 5 containers around it") == true)
    }

    @Test("no more addresses are fetched than allowed, in all texts together")
    func number() {
        let client = FakeClient([
            "https://h/1": .text("#include\nhttps://h/2\nhttps://h/2\n"), "https://h/2": .text("#!/bin/sh\n"),
        ])
        let (parts, expansion) = expand("#include\nhttps://h/1\n", client) { $0.addresses = 2 }
        #expect(client.log.count == 2 && parts.count == 1)
        #expect(expansion.isIncomplete)
        #expect(expansion.remarks.last?.hasSuffix("there are too many addresses") == true)
    }

    @Test("addresses that hang share one deadline")
    func hanging() {
        let client = FakeClient(["https://h/1": .silence, "https://h/2": .silence])
        let (parts, expansion) = expand("#include\nhttps://h/1\nhttps://h/2\n", client) {
            $0.includeTime = .milliseconds(100)
        }
        #expect(parts.isEmpty && expansion.remarks.count == 2)
    }

    @Test("plain HTTP is noted", arguments: [("http://h/1", 1), ("HTTPS://h/1", 0)])
    func plain(address: String, count: Int) {
        let (parts, expansion) = expand("#include\n\(address)\n", FakeClient([address: .text("#!/bin/sh\n")]))
        #expect(parts.count == 1 && expansion.remarks.count == count)
    }
}
