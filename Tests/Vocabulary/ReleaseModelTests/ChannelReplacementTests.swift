import Faults
import ImageModel
import ReleaseModel
import Testing

@Suite("A channel in the place of the one that machines follow")
struct ChannelReplacementTests {
    @Test(
        "machines would refuse another name and an earlier time",
        arguments: [("2026-11-01T00:00:00Z", nil), ("2026-10-31T23:59:59Z", RefusalKind.channelOlder)]
            as [(String, RefusalKind?)])
    func refused(issued: String, kind: RefusalKind?) throws {
        let published = try ChannelEditingTests.channel(try ChannelEditingTests.release(1))
        var channel = published
        channel.issued = try #require(UTCTime(issued))
        do throws(Refusal) {
            #expect(try channel.check(replacing: published) == [] && kind == nil)
        } catch { #expect(error.kind == kind) }
        channel.name = "candidate"
        let refusal = #expect(throws: Refusal.self) { try channel.check(replacing: published) }
        #expect(refusal?.kind == .product && refusal?.cause.contains("the channel stable") == true)
    }

    @Test("it is said what machines lose, and what is offered again")
    func remarks() throws {
        let (first, second) = (try ChannelEditingTests.release(1), try ChannelEditingTests.release(2))
        let third = try ChannelEditingTests.release(3, minimum: 2)
        let bad = try ChannelEditingTests.release(2, withdrawn: "It burns.")
        let both = try ChannelEditingTests.channel(first, second)
        let check = { (new: [ChannelRelease], old: ChannelDocument) in
            try ChannelSelectionTests.channel(new).check(replacing: old)
        }
        #expect(try check([first, second], both) == [] && check([second], both) == [])
        #expect(try check([first, bad], both) == [], "a withdrawal is meant")
        #expect(try check([first], both) == ["2.0 is published and not in the file: no more machines get it"])
        #expect(try check([], both) == ["2.0 is published and not in the file: no more machines get it"])
        #expect(try check([bad], ChannelEditingTests.channel(second)) == ["stable offers no release any more"])
        #expect(
            try check([second], ChannelEditingTests.channel(bad)) == [
                "2.0 is offered again, which was withdrawn: It burns."
            ])
        #expect(try check([], ChannelEditingTests.channel(bad)) == [])
        #expect(try check([first, bad], ChannelEditingTests.channel(first, bad)) == [], "it stays withdrawn")
        let stranded = try check([first, third], ChannelEditingTests.channel(first, second, third))
        #expect(stranded.count == 1 && stranded.first?.hasPrefix("machines that have 1.0") == true)
    }
}
