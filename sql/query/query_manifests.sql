-- The manifests that files were compared with, each time that they were given; the latest last.
SELECT SHA256, Manifest, Manifest_SHA256, Manifest_Case, Manifest_Examiner, Manifest_Signer FROM Receipts
WHERE Manifest IS NOT NULL
ORDER BY Received_at, Receipt_ID;
