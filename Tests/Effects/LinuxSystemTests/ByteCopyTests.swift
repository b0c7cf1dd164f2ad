import Testing

@testable import LinuxSystem

@Suite("Copied bytes")
struct ByteCopyTests {
    @Test("lent bytes are appended in their order, none of none")
    func append() {
        var array: [UInt8] = [1]
        let lent: [UInt8] = [2, 3, 4]
        ByteCopy.append(lent.span.extracting(1..<3), to: &array)
        ByteCopy.append(lent.span.extracting(0..<0), to: &array)
        #expect(array == [1, 3, 4])
    }
}
