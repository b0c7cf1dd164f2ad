import Testing
import TransactionPlanning

@Suite("How old an image is")
struct ImageAgeTests {
    @Test(
        "counts are compared with counts, times with times, and a count with a time by when both were made",
        arguments: [
            (ImageAge(sequence: 3, created: 100), ImageAge(sequence: 2, created: 900), true as Bool?),
            (ImageAge(sequence: 2, created: 100), ImageAge(sequence: 2, created: 900), false),
            (ImageAge(sequence: 900, created: 900), ImageAge(sequence: 800, created: 800), true),
            (ImageAge(sequence: 900, created: 900), ImageAge(sequence: 7, created: 950), false),
            (ImageAge(sequence: 7, created: 950), ImageAge(sequence: 900, created: 900), true),
            (ImageAge(sequence: 7, created: nil), ImageAge(sequence: 900, created: 900), nil),
            (ImageAge(sequence: 7, created: nil), ImageAge(sequence: 6, created: nil), true),
        ])
    func order(_ one: ImageAge, _ other: ImageAge, _ isNewer: Bool?) { #expect(one.isNewer(than: other) == isNewer) }

    @Test("a sequence that is the time at which an image was made was given by nobody")
    func counted() {
        #expect(!ImageAge(sequence: 1_790_000_000, created: 1_790_000_000).isCounted)
        #expect(ImageAge(sequence: 4, created: 1_790_000_000).isCounted)
        #expect(ImageAge(sequence: 4, created: nil).isCounted)
    }
}
