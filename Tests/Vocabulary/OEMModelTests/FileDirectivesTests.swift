import Testing

@testable import OEMModel

@Suite("A download")
struct DownloadDirectiveTests {
    @Test(
        "goes to its path, or below it by the last name of its address",
        arguments: [
            ("https://h/a/b.txt", "/x/y", "/x/y"), ("https://h/a/b.txt?q=/z#f", "/x/", "/x/b.txt"),
            ("https://h/", "/x/", nil), ("https://h", "/x/", nil), ("https://h/a/", "/x/", nil),
            ("https://h/a/..", "/x/", nil),
        ] as [(String, String, String?)])
    func target(url: String, path: String, target: String?) {
        var download = DownloadDirective()
        (download.url, download.path) = (url, path)
        #expect(download.target == target)
    }
}
